# SPDX-License-Identifier: MIT
"""The copy: each place asks whether it is to be wrong."""

import collections
import re

from pycparser import c_ast
from pycparser.c_generator import CGenerator

from mutate_off import COUNTS, OPPOSITES, names_in

# How much memory is enough is the sanitizers' business.
MEMORY = {"calloc", "realloc", "memcpy", "memmove", "snprintf", "vsnprintf"}
# What takes memory back is not seen from outside, but by the sanitizers.
NOT_LEFT_OUT = {"va_start", "va_end", "free", "buf_free", "render_free",
                "release", "free_user"}
NOT_CHANGED = re.compile("free_|release$")
REPLIES = {"reply_ok", "reply_err"}
BOUNDS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}

Mutant = collections.namedtuple("Mutant", "file function there becomes")


class Mutate(CGenerator):
    def __init__(self, file, mutants):
        super().__init__()
        self.plain = CGenerator(reduce_parentheses=True)
        self.file = file
        self.mutants = mutants
        self.function = None
        self.there = None  # the statement or condition at hand
        self.quiet = 1     # nothing is made wrong here
        self.decided = None

    def text(self, node):
        return " ".join(self.plain.visit(node).split()).rstrip(";")

    def mutant(self, becomes, there=None):
        """A new one; returns the call that asks for it."""
        there = there or self.text(self.there)
        name = Mutant(self.file, self.function, there, becomes)
        same = sum(m[:3] == name[:3] and
                   m.becomes.split("  #")[0] == becomes for m in self.mutants)
        if same:
            name = name._replace(becomes=f"{becomes}  #{same + 1}")
        self.mutants.append(name)
        return f"mutant({len(self.mutants)})"

    def within(self, there, node):
        """The text of node, with `there` for what is at hand."""
        before, self.there = self.there, there
        try:
            return self.visit(node)
        finally:
            self.there = before

    def unchanged(self, method, *arguments):
        self.quiet += 1
        try:
            return method(*arguments)
        finally:
            self.quiet -= 1

    def visit_FuncDef(self, node):
        self.function = node.decl.name
        if NOT_CHANGED.match(self.function):
            return super().visit_FuncDef(node)
        before, self.quiet = self.quiet, self.quiet - 1
        try:
            return super().visit_FuncDef(node)
        finally:
            self.quiet = before

    # What must be constant.
    def _generate_type(self, *arguments, **options):
        return self.unchanged(lambda *a: super(Mutate, self)._generate_type(
            *a, **options), *arguments)

    def visit_Case(self, node):
        text = "case " + self.unchanged(self.visit, node.expr) + ":\n"
        return text + "".join(self._generate_stmt(s, add_indent=True)
                              for s in node.stmts or [])

    def visit_NamedInitializer(self, node):
        text = ""
        for name in node.name:
            if isinstance(name, c_ast.ID):
                text += "." + name.name
            else:
                text += "[" + self.unchanged(self.visit, name) + "]"
        return text + " = " + self._visit_expr(node.expr)

    def visit_InitList(self, node):
        if self.text(node) == "0":
            return "0"
        return super().visit_InitList(node)

    def visit_Decl(self, node, no_type=False):
        if "static" in node.storage:
            return self.unchanged(super().visit_Decl, node, no_type)
        if self.quiet or not node.init:
            return super().visit_Decl(node, no_type)
        before, self.there = self.there, node
        try:
            return super().visit_Decl(node, no_type)
        finally:
            self.there = before

    # Branches and loops.
    def condition(self, node):
        """One that can be the opposite."""
        if self.quiet:
            return self.visit(node)
        text = self.within(node, node)
        return self.mutant("the opposite", self.text(node)) + f" ^ !!({text})"

    def loop(self, node):
        """One that can be false from the beginning; each turn is a step."""
        if self.quiet:
            return self.visit(node) if node else ""
        if not node:
            return "mutant(0) || 1"
        text = self.within(node, node)
        return "!" + self.mutant("never", self.text(node)) + f" && ({text})"

    def visit_If(self, node):
        if only_words_differ(node):
            return self.unchanged(self.if_text, node)
        return self.if_text(node)

    def if_text(self, node):
        text = f"if ({self.condition(node.cond)})\n"
        text += self._generate_stmt(node.iftrue, add_indent=True)
        if node.iffalse:
            text += self._make_indent() + "else\n"
            text += self._generate_stmt(node.iffalse, add_indent=True)
        return text

    def visit_TernaryOp(self, node):
        if all(isinstance(n, c_ast.Constant) and n.type == "string"
               for n in (node.iftrue, node.iffalse)):
            return self.unchanged(self.ternary_text, node)
        return self.ternary_text(node)

    def ternary_text(self, node):
        return (f"(({self.condition(node.cond)}) ? "
                f"({self.visit(node.iftrue)}) : ({self.visit(node.iffalse)}))")

    def visit_While(self, node):
        return (f"while ({self.loop(node.cond)})\n" +
                self._generate_stmt(node.stmt, add_indent=True))

    def visit_DoWhile(self, node):
        text = "do\n" + self._generate_stmt(node.stmt, add_indent=True)
        return text + self._make_indent() + f"while ({self.loop(node.cond)});"

    def visit_For(self, node):
        init = self.within(node.init, node.init) if node.init else ""
        step = self.unchanged(self.visit, node.next) if node.next else ""
        return (f"for ({init}; {self.loop(node.cond)}; {step})\n" +
                self._generate_stmt(node.stmt, add_indent=True))

    def visit_Switch(self, node):
        text = f"switch ({self.within(node.cond, node.cond)})\n"
        return text + self._generate_stmt(node.stmt, add_indent=True)

    def visit_Return(self, node):
        if not node.expr:
            return "return;"
        return f"return {self.within(node, node.expr)};"

    def visit_FuncCall(self, node):
        if getattr(node.name, "name", None) in MEMORY:
            return self.unchanged(super().visit_FuncCall, node)
        return super().visit_FuncCall(node)

    # Statements.
    def _generate_stmt(self, node, add_indent=False):
        if self.quiet or not is_left_out(node):
            return super()._generate_stmt(node, add_indent)
        before, self.there = self.there, node
        try:
            text = super()._generate_stmt(node, add_indent)
            return "{ if (!" + self.mutant("left out") + f") {{\n{text}}} }}\n"
        finally:
            self.there = before

    # Comparisons, and parts of conditions.
    def visit_BinaryOp(self, node):
        left, right = self.visit(node.left), self.visit(node.right)
        plain = f"(({left}) {node.op} ({right}))"
        if self.quiet:
            return plain
        if node.op in ("&&", "||"):
            return self.parts(node, left, right)
        if node.op in BOUNDS:
            return self.either(node, BOUNDS[node.op], left, right)
        if node.op in OPPOSITES and node is not self.there:
            becomes = self.text(c_ast.BinaryOp(OPPOSITES[node.op], node.left,
                                               node.right))
            return f"({self.mutant(becomes)} ^ {plain})"
        if node.op in "+-" and not isinstance(node.right, c_ast.Constant):
            return self.either(node, "-" if node.op == "+" else "+", left,
                               right)
        return plain

    def parts(self, node, left, right):
        one = self.mutant("without " + self.text(node.left))
        two = self.mutant("without " + self.text(node.right))
        if node.op == "&&":
            return f"(({one} || ({left})) && ({two} || ({right})))"
        return f"((!{one} && ({left})) || (!{two} && ({right})))"

    def either(self, node, op, left, right):
        becomes = self.text(c_ast.BinaryOp(op, node.left, node.right))
        asks = self.mutant(becomes)
        n = len(self.mutants)
        return (f"({{ __auto_type l{n} = ({left}); "
                f"__auto_type r{n} = ({right}); "
                f"{asks} ? l{n} {op} r{n} : l{n} {node.op} r{n}; }})")

    def visit_UnaryOp(self, node):
        if node.op in ("sizeof", "-"):
            return self.unchanged(super().visit_UnaryOp, node)
        return super().visit_UnaryOp(node)

    def visit_Constant(self, node):
        if self.quiet or "int" not in node.type:
            return node.value
        value = number(node.value)
        text = node.value
        for other in (value + 1, value - 1):
            if value and abs(value) < 1 << 31 and other >= 0 or other == 1:
                asks = self.mutant(f"{node.value} -> {other}")
                text = f"({asks} ? {other} : {text})"
        return text

    def visit_ID(self, node):
        if self.quiet or node.name not in ("true", "false"):
            return node.name
        other = "false" if node.name == "true" else "true"
        return f"({self.mutant(other)} ? {other} : {node.name})"


def is_left_out(node):
    if isinstance(node, c_ast.FuncCall):
        return getattr(node.name, "name", None) not in NOT_LEFT_OUT
    return isinstance(node, c_ast.Assignment) or (
        isinstance(node, c_ast.UnaryOp) and node.op in COUNTS)


def reply_words(node):
    """The replies of all branches, and what they say."""
    if isinstance(node, c_ast.Compound) and len(node.block_items or []) == 1:
        return reply_words(node.block_items[0])
    if isinstance(node, c_ast.If):
        return reply_words(node.iftrue) + reply_words(node.iffalse)
    if isinstance(node, c_ast.FuncCall) and node.name.name in REPLIES:
        return [(node.name.name, words)
                for words in words_of(node.args.exprs[1])]
    return [(None, "")]


def words_of(format):
    """What a format may be: one string, or those of a condition."""
    if isinstance(format, c_ast.TernaryOp):
        return words_of(format.iftrue) + words_of(format.iffalse)
    return [getattr(format, "value", "")]


def only_words_differ(node):
    """Is the reply the same in all branches, but for words after the status
    that no RFC gives a meaning? A response code in brackets has one."""
    if not node.iffalse:
        return False
    replies = reply_words(node)
    return len({kind for kind, _ in replies}) == 1 and \
        replies[0][0] is not None and \
        not any(words.startswith('"[') for _, words in replies)


def number(text):
    return int(text.rstrip("uUlL"), 0)


# ---------------------------------------------------------------------------
# Tables, which are written anew when the program knows what is wrong.

class Table:
    """A static array of structs."""

    def __init__(self, item, fields):
        self.name = item.name
        self.fields = fields
        self.rows = [row.exprs for row in item.init.exprs]

    def flags(self, column):
        """The names that are or-ed in a column: states, for one."""
        found = []
        for row in self.rows:
            for name in sorted(names_in(row[column])):
                if name not in found and name.isupper() and name != "NULL" \
                        and not name.endswith("_MAX"):
                    found.append(name)
        return found

    def changes(self, text):
        for n, row in enumerate(self.rows):
            for column, expr in enumerate(row):
                place = f"{self.name}[{n}].{self.fields[column]}"
                what = f"{text(row[0])} {self.fields[column]}"
                for other in self.others(column, expr, text):
                    yield place, f"{what} {text(expr)}", other

    def others(self, column, expr, text):
        if isinstance(expr, c_ast.Constant) and "int" in expr.type:
            value = number(expr.value)
            return [str(v) for v in (value + 1, value - 1) if v >= 0]
        if isinstance(expr, (c_ast.ID, c_ast.BinaryOp)):
            return [f"({text(expr)}) ^ {flag}" for flag in self.flags(column)]
        return []


def struct_name(item):
    kind = getattr(item.type, "type", None)
    kind = getattr(kind, "type", None)
    return kind.name if isinstance(kind, c_ast.Struct) else None


def structs(tree):
    found = {}
    for item in tree.ext:
        kind = getattr(item, "type", None)
        if isinstance(kind, c_ast.Struct) and kind.decls:
            found[kind.name] = [d.name for d in kind.decls]
    return found


def is_table(item):
    return isinstance(item, c_ast.Decl) and "static" in item.storage and \
        isinstance(item.type, c_ast.ArrayDecl) and \
        isinstance(item.init, c_ast.InitList) and struct_name(item) and \
        all(isinstance(row, c_ast.InitList) for row in item.init.exprs)


def table_hook(out, table, hook):
    lines = []
    out.function = table.name
    for place, there, other in table.changes(out.text):
        asks = out.mutant(other, there)
        lines.append(f"\tif ({asks})\n\t\t{place} = {other};\n")
    return f"void {hook}(void)\n{{\n" + "".join(lines) + "}\n"


def writable(item):
    item.quals = [q for q in item.quals if q != "const"]
    item.type.type.quals = [q for q in item.type.type.quals if q != "const"]
    return item
