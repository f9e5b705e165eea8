package runner

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/dustin/go-humanize"

	"mayfly/models"
	"mayfly/sandbox"
)

// desk lays the files that a run was given into its working folder, as far as
// they can lie there together. The notes tell its owner of the others.
type desk struct {
	shelf  *shelf
	laid   map[string]bool // by name
	inputs []sandbox.Input
	bytes  int64
	notes  []string
}

// layOut looks the given files up. Of several versions of a name the newest is
// laid.
func (r *Runner) layOut(ctx context.Context, run *models.Run) (*desk, error) {
	d := &desk{shelf: &shelf{runner: r, run: run}, laid: map[string]bool{}}
	if !run.HasInputs {
		return d, nil
	}
	asked, err := r.Store.Inputs(ctx, run.UserID, run.ID)
	if err != nil || len(asked) == 0 {
		return d, err
	}
	given, err := r.Store.System().GivenFiles(ctx, run.ID)
	if err != nil {
		return nil, err
	}
	d.shelf.limitTo(asked)
	slices.SortFunc(given, func(a, b models.File) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Version, b.Version))
	})
	there := map[models.FileID]bool{}
	for i, f := range given {
		there[f.ID] = true
		if i+1 == len(given) || given[i+1].Name != f.Name {
			d.lay(ctx, f, r.Limits.InputsMax)
		}
	}
	for _, in := range asked {
		if in.Given && !there[in.FileID] {
			d.note(in.Name, "its time was over before this run began.")
		}
	}
	return d, nil
}

// lay takes the files in the order of their names, so that a folder's name
// comes before what lies in it.
func (d *desk) lay(ctx context.Context, f models.File, most int64) {
	for folder := path.Dir(f.Name); folder != "."; folder = path.Dir(folder) {
		if d.laid[folder] {
			d.note(f.Name, fmt.Sprintf("there is a file %s. load_file reaches it.", folder))
			return
		}
	}
	if d.bytes+f.Size > most {
		d.note(f.Name, fmt.Sprintf("one run may read %s at most.", humanize.Bytes(uint64(most))))
		return
	}
	d.bytes += f.Size
	d.laid[f.Name] = true
	d.inputs = append(d.inputs, sandbox.Input{Name: f.Name, Size: f.Size, Open: d.shelf.opener(ctx, f.ID)})
}

func (d *desk) note(name, why string) {
	d.notes = append(d.notes, fmt.Sprintf("%s is not in the working folder: %s\n", name, why))
}
