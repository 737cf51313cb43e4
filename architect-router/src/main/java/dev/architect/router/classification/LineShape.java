package dev.architect.router.classification;

/** What a line looks like. Lines come trimmed and not empty; only their first {@value #MAX_LOOK} characters are looked at. */
final class LineShape {

    private static final int MAX_LOOK = 2_000;
    private static final int MAX_ITEM_DIGITS = 3;
    private static final int MIN_SEPARATORS = 3;
    private static final String[] CODE_STARTS = {
        "```",
        "#include",
        "import ",
        "package ",
        "public ",
        "private ",
        "def ",
        "class ",
        "function ",
        "const ",
        "let ",
        "var ",
        "if (",
        "for (",
        "while (",
        "return ",
        "SELECT ",
        "INSERT ",
        "UPDATE ",
        "CREATE TABLE",
        "fn ",
        "func ",
        "@",
        "//",
        "/*",
        "$ ",
        "<?",
        "</"
    };

    /** Which ASCII characters code starts with: most lines need no comparison. */
    private static final boolean[] CODE_START_CHARACTERS = new boolean[128];

    static {
        for (String start : CODE_STARTS) {
            CODE_START_CHARACTERS[start.charAt(0)] = true;
        }
    }

    private LineShape() {}

    /** A bullet, or a number or letter followed by a dot or bracket. */
    static boolean isItem(String text, int start, int end) {
        char first = text.charAt(start);
        if (first == '-' || first == '*' || first == '•') {
            return start + 1 < end && text.charAt(start + 1) == ' ';
        }
        int i = start;
        while (i < end && i - start < MAX_ITEM_DIGITS && Character.isDigit(text.charAt(i))) {
            i++;
        }
        if (i == start && Character.isLetter(first)) {
            i++;
        }
        return i > start
                && i + 1 < end
                && (text.charAt(i) == '.' || text.charAt(i) == ')')
                && text.charAt(i + 1) == ' ';
    }

    /** Begins as code does, or ends in a brace or semicolon. */
    static boolean isCode(String text, int start, int end) {
        char first = text.charAt(start);
        if (first < CODE_START_CHARACTERS.length && CODE_START_CHARACTERS[first]) {
            for (String begin : CODE_STARTS) {
                if (text.startsWith(begin, start) && start + begin.length() <= end) {
                    return true;
                }
            }
        }
        char last = text.charAt(end - 1);
        return last == ';' || (last == '{' && end - start > 1) || (last == '}' && end - start <= 2);
    }

    /** A row of a table, of comma separated values or of JSON. */
    static boolean isData(String text, int start, int end) {
        int limit = Math.min(end, start + MAX_LOOK);
        int pipes = 0;
        int commas = 0;
        int spacesAfterComma = 0;
        int quotedNames = 0;
        for (int i = start; i < limit; i++) {
            char character = text.charAt(i);
            if (character == '|') {
                pipes++;
            } else if (character == ',') {
                commas++;
                spacesAfterComma += i + 1 < limit && text.charAt(i + 1) == ' ' ? 1 : 0;
            } else if (character == '"' && i + 1 < limit && text.charAt(i + 1) == ':') {
                quotedNames++;
            }
        }
        // A comma with a space behind it is prose.
        return pipes >= MIN_SEPARATORS || quotedNames > 0 || (commas >= MIN_SEPARATORS && spacesAfterComma == 0);
    }
}
