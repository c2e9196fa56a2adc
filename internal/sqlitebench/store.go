// Package sqlitebench runs a flow of tasks as one would by hand with SQLite, to be measured beside the durable engine.
package sqlitebench

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync"

	_ "github.com/mattn/go-sqlite3" // the driver
)

// Document is what the tasks of a flow pass on.
type Document struct {
	N    int    `json:"n"`
	Text string `json:"text"`
}

// Store keeps executions in a table: each with the number of the task that comes next, and that task's document. Writes that wait while
// others go to disk are one transaction.
type Store struct {
	db             *sql.DB
	connection     *sql.Conn
	insert, update *sql.Stmt

	mu      sync.Mutex
	next    *batch
	serial  int64      // of the newest execution
	writing sync.Mutex // held while a batch goes to disk
}

// batch are writes of one transaction.
type batch struct {
	writes []write
	done   chan struct{} // is closed when they are on disk, or never will be
	err    error
}

// write says where an execution stands.
type write struct {
	serial   int64
	task     int
	document []byte
}

// Open opens the store of a folder. What it acknowledges is on disk.
func Open(ctx context.Context, folder string) (*Store, error) {
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, "executions.db")+"?_journal_mode=WAL&_synchronous=FULL")
	if err != nil {
		return nil, err
	}
	s := &Store{db: db, next: &batch{done: make(chan struct{})}}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) (err error) {
	if s.connection, err = s.db.Conn(ctx); err != nil {
		return err
	}
	if _, err = s.connection.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS executions (serial INTEGER PRIMARY KEY, task INTEGER, document BLOB)"); err != nil {
		return err
	}
	if s.insert, err = s.connection.PrepareContext(ctx, "INSERT INTO executions (task, document, serial) VALUES (?, ?, ?)"); err != nil {
		return err
	}
	s.update, err = s.connection.PrepareContext(ctx, "UPDATE executions SET task = ?, document = ? WHERE serial = ?")
	return err
}

// Close closes the store.
func (s *Store) Close() error {
	var faults []error
	for _, statement := range []*sql.Stmt{s.insert, s.update} {
		if statement != nil {
			faults = append(faults, statement.Close())
		}
	}
	if s.connection != nil {
		faults = append(faults, s.connection.Close())
	}
	return errors.Join(append(faults, s.db.Close())...)
}

// Run runs an execution of tasks, each on disk before the next, and returns the last one's document.
func (s *Store) Run(ctx context.Context, in Document, tasks []func(Document) Document) (Document, error) {
	s.mu.Lock()
	s.serial++
	serial := s.serial
	s.mu.Unlock()
	for n, task := range tasks {
		if err := s.stand(ctx, serial, n, in); err != nil {
			return Document{}, err
		}
		in = task(in)
	}
	return in, s.stand(ctx, serial, len(tasks), in)
}

// stand has it be on disk where an execution stands. The first of those who wait writes for all of them, once the batch before is there.
func (s *Store) stand(ctx context.Context, serial int64, task int, document Document) error {
	text, err := json.Marshal(document)
	if err != nil {
		return err
	}
	s.mu.Lock()
	b := s.next
	b.writes = append(b.writes, write{serial, task, text})
	first := len(b.writes) == 1
	s.mu.Unlock()
	if !first {
		<-b.done
		return b.err
	}
	s.writing.Lock()
	s.mu.Lock()
	s.next = &batch{done: make(chan struct{})}
	s.mu.Unlock()
	b.err = s.commit(ctx, b.writes)
	s.writing.Unlock()
	close(b.done)
	return b.err
}

// commit writes in one transaction. A statement alone is one.
func (s *Store) commit(ctx context.Context, writes []write) error {
	if len(writes) == 1 {
		return s.write(ctx, writes[0])
	}
	if _, err := s.connection.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, w := range writes {
		if err := s.write(ctx, w); err != nil {
			_, back := s.connection.ExecContext(ctx, "ROLLBACK")
			return errors.Join(err, back)
		}
	}
	_, err := s.connection.ExecContext(ctx, "COMMIT")
	return err
}

func (s *Store) write(ctx context.Context, w write) error {
	statement := s.update
	if w.task == 0 {
		statement = s.insert
	}
	_, err := statement.ExecContext(ctx, w.task, w.document, w.serial)
	return err
}

// Ended returns the documents of the executions whose tasks were all carried out.
func (s *Store) Ended(ctx context.Context, tasks int) (all []Document, err error) {
	rows, err := s.connection.QueryContext(ctx, "SELECT document FROM executions WHERE task = ?", tasks)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text []byte
		var d Document
		if err := errors.Join(rows.Scan(&text), json.Unmarshal(text, &d)); err != nil {
			return nil, fmt.Errorf("an execution cannot be read: %w", err)
		}
		all = append(all, d)
	}
	return all, rows.Err()
}
