# SPDX-License-Identifier: GPL-2.0-only
# Turns the tables of Documentation/semantics.md into the C++ table of requirements. A row that cannot
# be used stops the build, with its file and line.

BEGIN { FS = " *\\| *" }

function refuse(what) {
	print FILENAME ":" FNR ": error: " what > "/dev/stderr"
	failed = 1
}

!/^\|/ { in_table = 0 }
in_table && !/^\|[-|]+$/ {
	if (NF != 6)
		refuse("a requirement has 4 cells: id, in short, requirement, source")
	else if ($2 !~ /^[A-Z]+[0-9]+$/)
		refuse("\"" $2 "\" is not a requirement id")
	else if ($2 in line)
		refuse($2 " is already on line " line[$2])
	else if ($3 !~ /[^.]\.$/)
		refuse($2 " has no short sentence, which reports print")
	else {
		line[$2] = FNR
		gsub(/["\\]/, "\\\\&", $3)
		rows = rows "      {\"" $2 "\", \"" $3 "\"},\n"
	}
}
/^\| id \|/ { in_table = 1 }

END {
	if (rows == "") refuse("found no table of requirements")
	if (failed) exit 1
	printf "#include \"requirements/requirements.h\"\n\n" \
		"namespace requirements {\n\n" \
		"std::span<const Requirement> all() {\n" \
		"  static constexpr Requirement kAll[] = {\n%s  };\n" \
		"  return kAll;\n}\n\n" \
		"}  // namespace requirements\n", rows
}
