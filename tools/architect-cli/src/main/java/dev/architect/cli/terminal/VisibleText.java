package dev.architect.cli.terminal;

/** Texts of others on a terminal, which would obey some of their characters. */
public final class VisibleText {

    private VisibleText() {}

    /** Returns the text with every control, format and private character as its number. */
    public static String of(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean isHidden = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.PRIVATE_USE
                    || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
            shown.append(isHidden ? String.format("<U+%04X>", c) : Character.toString(c));
        });
        return shown.toString();
    }
}
