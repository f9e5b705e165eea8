package api

import (
	"mayfly/events"
	"mayfly/models"
	"mayfly/runner"
	"mayfly/sandbox"
	"mayfly/storage"
)

// API is what the operations call. All fields but Version and Python are
// required.
type API struct {
	Store  *models.Store
	Vault  *storage.Vault
	Runner *runner.Runner
	Hub    *events.Hub

	URL      string           // MAYFLY_URL, without a slash at its end
	Version  string           // of this program
	Python   string           // its version, "" when unknown
	Run      sandbox.Limits   // of each run
	Packages func() []Package // what user code may import
	Warming  func() string    // "" or a sentence: why a run has to wait
	Refusing func() string    // "" or a sentence: why no run is taken
}

// Package is one that user code may import.
type Package struct{ Name, Version string }

// Base is where the operations are.
const Base = "/api/v1"

// SpecPath is where the OpenAPI document is.
const SpecPath = Base + "/openapi.json"
