# SPDX-License-Identifier: MIT
"""All switches are off: what no switch leads to is taken out of a tree, and
what is written for a switch alone, and what nothing reaches."""

import collections
import os
import re

from pycparser import c_ast

SWITCHES = {"switched", "switch_is_on"}
ALWAYS, NEVER = "STRICT", "LENIENT"  # grammar, unless an oddity is on
COUNTS = "++", "--", "p++", "p--"
OPPOSITES = {"==": "!=", "!=": "=="}


def constant(value):
    return c_ast.Constant("int", "1" if value else "0")


class Fold(c_ast.NodeVisitor):
    """Takes away what no switch leads to. decided holds the nodes that were
    decided by a switch, by identity."""

    def __init__(self):
        self.decided = {}
        self.always = {}  # functions that always return the same
        self.never = set()  # members that are never true

    def value(self, node):
        return self.decided.get(id(node), (None, None))[1]

    def decide(self, value):
        node = constant(value)
        self.decided[id(node)] = node, value
        return node

    def fold(self, node):
        if node is None:
            return None
        for name, child in node.children():
            if name == "lvalue" and isinstance(child, c_ast.StructRef):
                continue
            folded = self.fold(child)
            if folded is not child:
                replace(node, name, folded)
        change = getattr(self, "fold_" + type(node).__name__, None)
        return change(node) if change else node

    def fold_FuncCall(self, node):
        name = getattr(node.name, "name", None)
        if name in SWITCHES:
            return self.decide(False)
        if name in self.always:
            return self.decide(self.always[name])
        return node

    def fold_StructRef(self, node):
        return self.decide(False) if node.field.name in self.never else node

    def fold_UnaryOp(self, node):
        if node.op == "!" and self.value(node.expr) is not None:
            return self.decide(not self.value(node.expr))
        return node

    def fold_BinaryOp(self, node):
        if node.op in OPPOSITES and \
                getattr(node.right, "name", None) in (ALWAYS, NEVER):
            return self.decide((node.right.name == ALWAYS) ==
                               (node.op == "=="))
        if node.op not in ("&&", "||"):
            return node
        settles = node.op == "||"
        for this, other in ((node.left, node.right), (node.right, node.left)):
            if self.value(this) is not None:
                return self.decide(settles) if self.value(this) == settles \
                    else other
        return node

    def fold_TernaryOp(self, node):
        if self.value(node.cond) is None:
            return node
        return node.iftrue if self.value(node.cond) else node.iffalse

    def fold_If(self, node):
        if self.value(node.cond) is None:
            return node
        taken = node.iftrue if self.value(node.cond) else node.iffalse
        return taken or c_ast.EmptyStatement()

    def fold_FuncDef(self, node):
        items = node.body.block_items or []
        if items and isinstance(items[0], c_ast.Return) and \
                self.value(items[0].expr) is not None:
            self.always[node.decl.name] = self.value(items[0].expr)
        return node

    def fold_Compound(self, node):
        """Nothing stands behind a return."""
        items = []
        for item in node.block_items or []:
            if isinstance(item, c_ast.EmptyStatement):
                continue
            items.append(item)
            if isinstance(item, c_ast.Return):
                break
        node.block_items = items
        return node


def replace(node, name, new):
    match = re.fullmatch(r"(\w+)\[(\d+)\]", name)
    if match:
        getattr(node, match[1])[int(match[2])] = new
    else:
        setattr(node, name, new)


def fold_all(trees, never):
    """Again and again, until no function turns out to be constant."""
    for tree in trees:
        fold = Fold()
        fold.never, before = never, -1
        while len(fold.always) > before:
            before = len(fold.always)
            fold.fold(tree)


class Sets(c_ast.NodeVisitor):
    """Members that may become true."""

    def __init__(self):
        self.found = set()

    def visit_Assignment(self, node):
        last = node.rvalue
        while isinstance(last, c_ast.Assignment):
            last = last.rvalue
        value = getattr(last, "value", getattr(last, "name", None))
        if isinstance(node.lvalue, c_ast.StructRef) and \
                value not in ("0", "false"):
            self.found.add(node.lvalue.field.name)
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        if node.op in COUNTS + ("&",) and isinstance(node.expr,
                                                     c_ast.StructRef):
            self.found.add(node.expr.field.name)
        self.generic_visit(node)

    def visit_NamedInitializer(self, node):
        self.found |= {name.name for name in node.name
                       if isinstance(name, c_ast.ID)}
        self.generic_visit(node)


def never_true(trees, known, outside, place):
    """The bool members that nothing reached, here or outside, sets."""
    sets, bools = Sets(), set()
    for tree in trees:
        for item in tree.ext:
            if isinstance(item, c_ast.FuncDef) and item.decl.name in known:
                sets.visit(item.body)
            bools |= bool_members(item, place)
    return bools - sets.found - outside


def bool_members(item, place):
    kind = getattr(item, "type", None)
    if not isinstance(kind, c_ast.Struct) or not kind.decls or \
            os.path.basename(os.path.dirname(str(item.coord.file))) != place:
        return set()
    return {d.name for d in kind.decls
            if getattr(getattr(d.type, "type", None), "names", 0) == ["bool"]}


# ---------------------------------------------------------------------------
# What is written and never read, but by what a switch led to.

class Reads(c_ast.NodeVisitor):
    """The names of variables and members whose values are used."""

    def __init__(self):
        self.found = set()

    def visit_Assignment(self, node):
        self.target(node.lvalue)
        self.visit(node.rvalue)

    def visit_Compound(self, node):
        for item in node.block_items or []:
            self.statement(item)

    def visit_If(self, node):
        self.visit(node.cond)
        self.statement(node.iftrue)
        if node.iffalse:
            self.statement(node.iffalse)

    def statement(self, node):
        if isinstance(node, c_ast.UnaryOp) and node.op in COUNTS:
            self.target(node.expr)
        else:
            self.visit(node)

    def target(self, node):
        """All of it but its own name is read."""
        if isinstance(node, c_ast.StructRef):
            self.visit(node.name)
        elif isinstance(node, (c_ast.ArrayRef, c_ast.UnaryOp)):
            self.visit(node)

    def visit_StructRef(self, node):
        self.found.add(node.field.name)
        self.visit(node.name)

    def visit_ID(self, node):
        self.found.add(node.name)


def is_pure(node):
    """Does nothing but to have a value."""
    if isinstance(node, (c_ast.FuncCall, c_ast.Assignment)):
        return False
    if isinstance(node, c_ast.UnaryOp) and node.op in COUNTS:
        return False
    return all(is_pure(child) for _, child in node.children())


class Prune(c_ast.NodeVisitor):
    """Takes away what writes to names that nobody reads, and calls of what has
    become empty."""

    def __init__(self, read, empty):
        self.read = read
        self.empty = empty
        self.pruned = 0

    def is_idle(self, node):
        if isinstance(node, c_ast.Assignment):
            target, value = node.lvalue, node.rvalue
        elif isinstance(node, c_ast.UnaryOp) and node.op in COUNTS:
            target, value = node.expr, node.expr
        elif isinstance(node, c_ast.Decl) and node.init and \
                not isinstance(node.type, c_ast.FuncDecl):
            return node.name not in self.read and is_pure(node.init)
        elif isinstance(node, c_ast.FuncCall):
            return getattr(node.name, "name", None) in self.empty
        else:
            return False
        name = target.field.name if isinstance(target, c_ast.StructRef) else \
            target.name if isinstance(target, c_ast.ID) else None
        return name is not None and name not in self.read and is_pure(value)

    def generic_visit(self, node):
        for name, child in node.children():
            if name != "cond" and self.is_idle(child) and isinstance(
                    node, (c_ast.Compound, c_ast.If)):
                replace(node, name, c_ast.EmptyStatement())
                self.pruned += 1
            else:
                self.visit(child)
        if isinstance(node, c_ast.Compound):
            node.block_items = [
                i for i in node.block_items or []
                if not isinstance(i, c_ast.EmptyStatement)]


def pruned(trees, known, outside):
    """Again and again, until nothing is idle any more."""
    while True:
        reads, empty = Reads(), set()
        for tree in trees:
            for item in tree.ext:
                if isinstance(item, c_ast.FuncDef) and \
                        item.decl.name in known:
                    reads.visit(item.body)
                    if not item.body.block_items and "static" in \
                            item.decl.storage:
                        empty.add(item.decl.name)
                elif isinstance(item, c_ast.Decl) and item.init:
                    reads.visit(item.init)
        prune = Prune(reads.found | outside, empty)
        for tree in trees:
            for item in tree.ext:
                if isinstance(item, c_ast.FuncDef):
                    prune.visit(item.body)
        if not prune.pruned:
            return


# ---------------------------------------------------------------------------
# What is reached.

class Names(c_ast.NodeVisitor):
    def __init__(self):
        self.found = set()

    def visit_ID(self, node):
        self.found.add(node.name)


def names_in(node):
    names = Names()
    names.visit(node)
    return names.found


def reached(trees, roots):
    """Functions and tables that these lead to. One name is one thing: of two
    static functions with the same name either both are reached or none."""
    uses = collections.defaultdict(set)
    for tree in trees:
        for item in tree.ext:
            if isinstance(item, c_ast.FuncDef):
                uses[item.decl.name] |= names_in(item.body)
            elif isinstance(item, c_ast.Decl) and item.init:
                uses[item.name] |= names_in(item.init)
    known, waiting = set(), set(roots)
    while waiting:
        name = waiting.pop()
        known.add(name)
        waiting |= (uses[name] if name in uses else set()) - known
    return known
