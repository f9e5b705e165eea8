package views

// RestartView is what is asked before a notebook's interpreter is ended.
type RestartView struct {
	Notebook, Name string
	Kernel         KernelView
	RunAll         bool   // all cells are run in the next one
	FormKey        string // of their runs
}

func restartAllURL(notebook string) string { return NotebookURL(notebook, "restart") + "?run=all" }
