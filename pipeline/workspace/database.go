package workspace

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// isDatabase says whether the source is a query's result.
func (s Source) isDatabase() bool {
	return strings.HasPrefix(s.From, "postgres://") || strings.HasPrefix(s.From, "mysql://")
}

// Label names the source as a whole: by its folder, a database as postgres:NAME.
func (s Source) Label() string {
	if s.isDatabase() {
		scheme, _, _ := strings.Cut(s.From, "://")
		return scheme + ":" + s.Name
	}
	return s.Place()
}

// Published is how a file of the source's folder is named in what is published.
func (s Source) Published(file string) string {
	if s.isDatabase() && file == s.rows() {
		return s.Label()
	}
	return s.Place() + "/" + file
}

// rows is the name of the file that a database's rows lie in.
func (s Source) rows() string { return s.Name + ".jsonl" }

// notDatabase is said of the keys that other sources have no use for.
const notDatabase = "只用于 postgres:// 和 mysql:// 的来源"

// onlyDatabases is the key that a source has and only databases may have.
func onlyDatabases(s Source) string {
	if s.Query != "" {
		return "query"
	}
	return "table"
}

// parameters are those that a database's address may have. What else the clients know could name another server or hold a secret.
var parameters = map[string][]string{
	"sslmode":     {"disable", "prefer", "require", "verify-ca", "verify-full"},
	"sslrootcert": nil, "sslcert": nil, "sslkey": nil, // paths
}

// tlsWords are those of MySQL's clients for `sslmode`.
var tlsWords = map[string]string{"false": "disable", "preferred": "prefer", "skip-verify": "require", "true": "verify-full"}

var tableName = regexp.MustCompile(`^[\p{L}_][\p{L}\p{N}_$#-]{0,62}(\.[\p{L}_][\p{L}\p{N}_$#-]{0,62})?$`)

// checkDatabase checks what doudi.yaml says of a database, u being its address.
func (s *Source) checkDatabase(u *url.URL) (key string, err error) {
	switch {
	case u.User == nil || u.User.Username() == "":
		return "from", fmt.Errorf("请写明用户名，如 %s://user@host/database", u.Scheme)
	case strings.Trim(u.Path, "/") == "" || strings.Contains(strings.Trim(u.Path, "/"), "/"):
		return "from", fmt.Errorf("请写明数据库，如 %s://user@host/database", u.Scheme)
	case s.Pick != "":
		return "pick", errors.New("数据库里没有文件可选，请用 query 或 table")
	case s.Query == "" && s.Table == "":
		return "query", errors.New("请写明取什么：query（一条 SELECT）或 table（一张表或视图）")
	case s.Query != "" && s.Table != "":
		return "query", errors.New("query 和 table 只能写一个")
	case s.Table != "" && !tableName.MatchString(s.Table):
		return "table", errors.New("请写表或视图的名字，或 模式.名字；别的请用 query")
	case s.Query != "" && !isReference(s.Query):
		if err := oneSelect(s.Query, u.Scheme); err != nil {
			return "query", err
		}
	}
	asked := u.Query()
	for _, name := range slices.Sorted(maps.Keys(asked)) {
		value := asked.Get(name)
		words, known := parameters[name]
		switch {
		case u.Scheme == "mysql" && name == "tls":
			if tlsWords[value] == "" {
				return "from", errors.New("tls 请写 false、preferred、skip-verify 或 true")
			}
		case !known || u.Scheme == "mysql" && (name == "sslcert" || name == "sslkey"):
			return "from", fmt.Errorf("地址里不能有参数 %s，可以用 sslmode 和 sslrootcert", printable(name))
		case len(asked[name]) > 1, words != nil && !slices.Contains(words, value), u.Scheme == "mysql" && value == "verify-ca":
			return "from", fmt.Errorf("%s 写得不对", name)
		}
	}
	return "", nil
}

// printable is a word of doudi.yaml as it may be shown: what is no plain word
// may be anything.
func printable(word string) string {
	if regexp.MustCompile(`^[A-Za-z_-]{1,30}$`).MatchString(word) {
		return word
	}
	return "（不认识）"
}

// fillDatabase gives a pull its query and the paths of its certificates.
func (w *Workspace) fillDatabase(p *Pull) (key string, err error) {
	if p.Query != "" {
		values := []string{}
		if strings.HasPrefix(p.Query, "file:") {
			p.Query, err = w.secret(p.Query)
			values = append(values, p.Query)
		} else {
			p.Query, values, err = fill(p.Query, nil)
		}
		if err == nil {
			err = oneSelect(p.Query, p.URL.Scheme)
		}
		if err != nil {
			return "query", err
		}
		p.Secrets = append(p.Secrets, values...)
	}
	asked := p.URL.Query()
	for name := range asked {
		value := asked.Get(name)
		switch name {
		case "tls":
			asked.Del("tls")
			asked.Set("sslmode", tlsWords[value])
		case "sslrootcert", "sslcert", "sslkey":
			if !filepath.IsAbs(value) {
				value = filepath.Join(w.Dir, value)
			}
			if _, err := os.Stat(value); err != nil {
				return "from", fmt.Errorf("没有 %s 所说的文件", name)
			}
			asked.Set(name, value)
		}
	}
	p.URL.RawQuery = asked.Encode()
	return "", nil
}

// oneSelect wants a query to be one statement that reads: the transaction is
// read-only too, but a mistake is to be told before a database is asked. Quotes
// are doubled within quotes; a backslash before one means different things to
// different servers and is refused.
func oneSelect(query, scheme string) error {
	words, err := sqlWords(query, scheme)
	if err != nil {
		return err
	}
	first := slices.IndexFunc(words, func(word string) bool { return word != "(" })
	if first < 0 || words[first] != "SELECT" && words[first] != "WITH" {
		return errors.New("只能是一条以 SELECT 或 WITH 开头的查询")
	}
	before := ""
	for i, word := range words {
		switch {
		case before == ";":
			return errors.New("只能是一条查询，分号后面还有别的")
		case word == "INTO":
			return errors.New("查询里不能有 INTO：只允许读取")
		case before == "(" && slices.Contains([]string{"INSERT", "UPDATE", "DELETE", "MERGE"}, word) && !(i+1 < len(words) && words[i+1] == "("):
			return fmt.Errorf("查询里不能有 %s：只允许读取", word)
		case before == "FOR" && slices.Contains([]string{"UPDATE", "SHARE", "NO", "KEY"}, word), before == "LOCK" && word == "IN":
			return errors.New("查询不能锁定记录：只允许读取")
		}
		before = word
	}
	return nil
}

// sqlWords are the words of a query in capitals, with the parentheses and
// semicolons; what stands in quotes and comments is left out.
func sqlWords(query, scheme string) ([]string, error) {
	var words []string
	open := errors.New("查询里的引号或注释没有结束")
	for at := 0; at < len(query); {
		rest := query[at:]
		after := func(marks ...string) bool {
			return slices.ContainsFunc(marks, func(m string) bool { return strings.HasPrefix(rest, m) })
		}
		switch c := rest[0]; {
		case after("--"), after("#") && scheme == "mysql":
			if n := strings.IndexByte(rest, '\n'); n >= 0 {
				at += n
			} else {
				at = len(query)
			}
		case after("/*!", "/*M!"):
			return nil, errors.New("查询里不能有 /*! 这样会执行的注释")
		case after("/*"):
			n := strings.Index(rest[2:], "*/")
			if n < 0 {
				return nil, open
			}
			at += 2 + n + 2
		case c == '\'' || c == '"' || c == '`':
			n := strings.IndexByte(rest[1:], c)
			if n < 0 {
				return nil, open
			}
			if rest[n] == '\\' && n > 0 {
				return nil, fmt.Errorf("查询的引号前面不能是反斜杠，引号里的引号请写两遍（%c%c）", c, c)
			}
			words = append(words, string(c))
			at += n + 2
		case c == '(' || c == ')' || c == ';':
			words = append(words, string(c))
			at++
		default:
			n := strings.IndexFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '$' })
			switch {
			case n < 0:
				n = len(rest)
				fallthrough
			case n > 0:
				words = append(words, strings.ToUpper(rest[:n]))
				at += n
			default:
				at++ // an operator or a blank
			}
		}
	}
	for len(words) > 0 && words[len(words)-1] == ";" {
		words = words[:len(words)-1]
	}
	return words, nil
}
