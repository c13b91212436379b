package workspace

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// lineOf finds the line of a key: keys and places in lists, from the top down.
// Where the last of them are missing it is the line of what holds them, and 0
// where nothing of it is there.
func lineOf(data []byte, path ...any) int {
	line := 0
	node := body(data)
	for _, step := range path {
		var at ast.Node
		switch step := step.(type) {
		case string:
			for _, pair := range pairs(node) {
				if pair.Key.GetToken().Value == step {
					line, at = pair.Key.GetToken().Position.Line, pair.Value
				}
			}
		case int:
			if list, ok := node.(*ast.SequenceNode); ok && step < len(list.Values) {
				at = list.Values[step]
				if inner := pairs(at); len(inner) > 0 {
					line = inner[0].Key.GetToken().Position.Line
				}
			}
		}
		if node = at; node == nil {
			break
		}
	}
	return line
}

// keyAt names the key that a position belongs to, as sources[0].from: the last
// one that begins at it or before it.
func keyAt(data []byte, at *token.Position) string {
	last := ""
	var visit func(path string, node ast.Node)
	visit = func(path string, node ast.Node) {
		if list, ok := node.(*ast.SequenceNode); ok {
			for i, item := range list.Values {
				visit(fmt.Sprintf("%s[%d]", path, i), item)
			}
		}
		for _, pair := range pairs(node) {
			key := pair.Key.GetToken()
			if p := key.Position; p.Line > at.Line || p.Line == at.Line && p.Column > at.Column {
				return
			}
			last = key.Value
			if path != "" {
				last = path + "." + key.Value
			}
			visit(last, pair.Value)
		}
	}
	visit("", body(data))
	return last
}

// body is the first document of a YAML file; nil where there is none.
func body(data []byte) ast.Node {
	file, err := parser.ParseBytes(data, 0)
	if err != nil || len(file.Docs) == 0 {
		return nil
	}
	return file.Docs[0].Body
}

// pairs are the keys of a mapping with their values; none of anything else.
func pairs(node ast.Node) []*ast.MappingValueNode {
	switch node := node.(type) {
	case *ast.MappingNode:
		return node.Values
	case *ast.MappingValueNode: // a mapping of one key
		return []*ast.MappingValueNode{node}
	}
	return nil
}
