package dev.architect.filter;

import dev.architect.check.Check;

/** One value of a term, as it was written. */
public sealed interface FilterValue {

    /** The text that it compares with; of a range the one that it begins with. */
    String first();

    /** Returns the text of it. */
    String text();

    /**
     * Equal to a text.
     *
     * @param first the text without its quotes; may be empty
     */
    record Exactly(String first) implements FilterValue {

        /** Checks the field. */
        public Exactly {
            Check.notNull("first", first);
        }

        @Override
        public String text() {
            return FilterParser.value(first);
        }
    }

    /**
     * Less or more than a text.
     *
     * @param comparison how it compares
     * @param first the text without its quotes; may be empty
     */
    record Compared(Comparison comparison, String first) implements FilterValue {

        /** Checks every field. */
        public Compared {
            Check.notNull("comparison", comparison);
            Check.notNull("first", first);
        }

        @Override
        public String text() {
            return comparison.sign() + FilterParser.operand(comparison, first);
        }
    }

    /**
     * From one text to another, both included.
     *
     * @param first where it begins; what may stand without quotes
     * @param last where it ends; what may stand without quotes
     */
    record Between(String first, String last) implements FilterValue {

        /** Checks every field. */
        public Between {
            checkEnd("first", first);
            checkEnd("last", last);
        }

        private static void checkEnd(String name, String text) {
            if (!FilterParser.isBare(Check.notNull(name, text))) {
                throw new IllegalArgumentException(name + " is '" + text + "', expected what needs no quotes");
            }
        }

        @Override
        public String text() {
            return first + ".." + last;
        }
    }

    /** How a value compares. */
    enum Comparison {
        /** Less than it. */
        LESS("<"),
        /** Less, or equal. */
        AT_MOST("<="),
        /** More than it. */
        MORE(">"),
        /** More, or equal. */
        AT_LEAST(">=");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        /** The sign in front of the value. */
        public String sign() {
            return sign;
        }
    }
}
