package dev.architect.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A table for a terminal: text to the left, columns of numbers to the right. Not safe for use by several threads. */
public final class TextTable {

    private static final String GAP = "  ";

    /** How cells of a column of numbers look: amounts, counts, durations, or nothing. */
    private static final Pattern NUMBER = Pattern.compile("|\\$?[\\d.,]+( \\w+)?");

    private final List<List<String>> rows = new ArrayList<>();

    /** Creates a table with these headings. */
    public TextTable(String... headings) {
        rows.add(List.of(headings));
    }

    /** Adds a row with as many cells as there are headings. */
    public TextTable row(String... cells) {
        if (cells.length != rows.get(0).size()) {
            throw new IllegalArgumentException("row has " + cells.length + " cells, expected "
                    + rows.get(0).size());
        }
        rows.add(List.of(cells));
        return this;
    }

    /** Returns the lines, headings first. */
    public List<String> lines() {
        int[] widths = new int[rows.get(0).size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : GAP).append(holdsNumbers(i) ? blanks + row.get(i) : row.get(i) + blanks);
        }
        return line.toString().stripTrailing();
    }

    private boolean holdsNumbers(int column) {
        return rows.stream()
                .skip(1)
                .allMatch(row -> NUMBER.matcher(row.get(column)).matches());
    }
}
