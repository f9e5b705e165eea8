// Command fakediscord serves a stand-in for Discord on loopback and prints the
// settings that make Mayfly use it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"mayfly/internal/testkit/fakediscord/discord"
)

// The stand-in's application. Its secret guards nothing: the server listens on
// loopback and lets anybody be anybody.
const (
	clientID     = "100000000000000001"
	clientSecret = "stand-in-for-discord-no-secret"
	botToken     = "stand-in-for-discord-no-token"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:9090", "loopback address to listen on")
	remember := flag.Bool("remember", false, "keep a browser signed in: no consent page from the second time on")
	flag.Parse()
	if err := serve(*listen, *remember); err != nil {
		fmt.Fprintln(os.Stderr, "fakediscord:", err)
		os.Exit(1)
	}
}

func serve(address string, remember bool) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return errors.Join(fmt.Errorf("%s is not a loopback address; use 127.0.0.1", address), listener.Close())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	server := &http.Server{Handler: discord.New(standIn(remember)), ReadHeaderTimeout: 5 * time.Second}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()

	fmt.Printf("export MAYFLY_DISCORD_BASE_URL=http://%s\n", listener.Addr())
	fmt.Printf("export MAYFLY_DISCORD_CLIENT_ID=%s\n", clientID)
	fmt.Printf("export MAYFLY_DISCORD_CLIENT_SECRET=%s\n", clientSecret)
	fmt.Printf("# a bot's token there: %s\n", botToken)
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	err = server.Close()
	<-done
	return err
}

func standIn(remember bool) discord.Config {
	home := []discord.Guild{{ID: "200000000000000001", Name: "Stand-in server"}}
	return discord.Config{
		ClientID: clientID, ClientSecret: clientSecret, Remember: remember,
		BotToken: botToken, Channels: []discord.Channel{{ID: "400000000000000001", GuildID: home[0].ID, Name: "general"}},
		People: []discord.Person{
			{ID: "300000000000000001", Username: "ada", GlobalName: "Ada", Guilds: home},
			{ID: "300000000000000002", Username: "grace", GlobalName: "Grace", Guilds: home},
			{ID: "300000000000000003", Username: "stranger"},
		},
	}
}
