package models_test

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"gorm.io/gorm/schema"

	"mayfly/internal/testkit"
	"mayfly/models"
)

// column is one column as PostgreSQL has it.
type column struct {
	Type     string
	Nullable bool
}

// The migrations and the structs are written by hand on both sides, so that
// nothing but this keeps them from drifting apart.
func TestTheMigratedSchemaIsWhatTheStructsSay(t *testing.T) {
	t.Parallel()
	pool := testkit.Postgres(t)
	for table, model := range map[string]any{
		"users": &models.User{}, "sessions": &models.Session{}, "runs": &models.Run{}, "run_inputs": &models.RunInput{},
		"refusals": &models.Refusal{}, "outputs": &models.Output{}, "files": &models.File{}, "questions": &models.Question{},
		"notebooks": &models.Notebook{}, "cells": &models.Cell{}, "kernels": &models.Kernel{}, "looks": &models.Look{},
		"apps": &models.App{}, "tokens": &models.Token{}, "app_links": &models.AppLink{}, "audits": &models.Audit{},
		"imports": &models.Import{}, "shares": &models.Share{},
	} {
		said, err := schema.Parse(model, &sync.Map{}, schema.NamingStrategy{})
		if err != nil {
			t.Fatal(err)
		}
		if said.Table != table {
			t.Errorf("%T is read from %s, not %s", model, said.Table, table)
		}
		there := columnsOf(t, pool, table)
		for _, field := range said.Fields {
			if field.IgnoreMigration {
				continue // what a query adds
			}
			has, found := there[field.DBName]
			delete(there, field.DBName)
			switch {
			case !found:
				t.Errorf("%s.%s has no column %s", table, field.Name, field.DBName)
			case !strings.Contains(columnTypes(field), " "+has.Type+" "):
				t.Errorf("%s.%s is a %s here and %s in the database", table, field.Name, field.FieldType, has.Type)
			case has.Nullable != nullable(field):
				t.Errorf("%s.%s: null is %v in the database and %v here", table, field.Name, has.Nullable, nullable(field))
			}
		}
		for name := range there {
			t.Errorf("%s.%s is in no struct", table, name)
		}
	}
}

func columnsOf(t *testing.T, pool *pgxpool.Pool, table string) map[string]column {
	t.Helper()
	rows, err := pool.Query(t.Context(), `SELECT column_name, data_type, is_nullable = 'YES' FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name = $1`, table)
	if err != nil {
		t.Fatal(err)
	}
	columns := map[string]column{}
	var name string
	var c column
	if _, err := pgx.ForEachRow(rows, []any{&name, &c.Type, &c.Nullable}, func() error {
		columns[name] = c
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return columns
}

// columnTypes are the column types that hold every value of the field.
func columnTypes(field *schema.Field) string {
	kind := field.IndirectFieldType
	switch {
	case kind == reflect.TypeFor[time.Time]():
		return " timestamp with time zone "
	case kind.Kind() == reflect.String:
		return " text "
	case kind.Kind() == reflect.Bool:
		return " boolean "
	case kind.Kind() == reflect.Int64:
		return " bigint "
	case kind.Kind() == reflect.Int:
		return " integer bigint "
	case kind.Kind() == reflect.Map:
		return " jsonb "
	}
	return " none "
}

func nullable(field *schema.Field) bool {
	return field.FieldType.Kind() == reflect.Pointer || field.FieldType.Kind() == reflect.Map
}
