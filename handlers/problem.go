package handlers

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"mayfly/handlers/api"
	"mayfly/views"
	"mayfly/web"
)

// ProblemPages are the views of a request that could not be served, which
// package web needs before there is an App.
func ProblemPages(limits views.LimitsView) web.Pages {
	return web.Pages{
		Problem: func(p web.Problem) templ.Component { return problemPage(p, limits) },
		JSON:    api.ProblemJSON,
		Toast:   func(p web.Problem) templ.Component { return views.ToastFragment(problemToast(p)) },
	}
}

func problemPage(p web.Problem, limits views.LimitsView) templ.Component {
	frame := views.Frame{Title: p.Title}
	if p.User != nil {
		frame.User, frame.Theme = views.Person{ID: string(p.User.ID), Name: p.User.Name}, string(p.User.Theme)
	}
	view := views.ErrorView{
		Status: p.Status, Title: p.Title, What: p.Message, Safe: p.Safe, Next: p.Next, RequestID: p.RequestID,
		Retry: p.Status == http.StatusServiceUnavailable,
	}
	switch {
	case p.SignIn != "" && p.Status == http.StatusUnauthorized:
		view.SignIn = &views.FrontView{Discord: !p.LocalSignIn, Local: p.LocalSignIn, Return: p.ReturnTo, Limits: limits}
	case p.SignIn != "":
		view.Action, view.ActionURL = "Sign in again", p.SignIn
	}
	return views.Problem(frame, view)
}

// problemToast says the same in one line.
func problemToast(p web.Problem) views.Toast {
	words := []string{p.Title + "."}
	for _, sentence := range []string{p.Message, p.Next} {
		if sentence != "" {
			words = append(words, sentence)
		}
	}
	return views.Toast{Icon: "circle-alert", Text: strings.Join(words, " "), Request: p.RequestID}
}
