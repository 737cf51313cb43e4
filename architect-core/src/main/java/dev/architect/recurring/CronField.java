package dev.architect.recurring;

import dev.architect.json.JsonFields;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;

/** One of the fields with a range of numbers, and how its text is read into the set of these numbers. */
enum CronField {
    SECOND("second", 0, 59, List.of()),
    MINUTE("minute", 0, 59, List.of()),
    HOUR("hour", 0, 23, List.of()),
    DAY_OF_MONTH("day of month", 1, 31, List.of()),
    MONTH("month", 1, 12, List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")),
    // 7 is Sunday as well.
    DAY_OF_WEEK("day of week", 0, 7, List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"));

    private final String words;
    private final int min;
    private final int max;
    private final List<String> names;

    CronField(String words, int min, int max, List<String> names) {
        this.words = words;
        this.min = min;
        this.max = max;
        this.names = names;
    }

    /**
     * Reads the text of the field.
     *
     * @param position of the text in the expression, from 1 on
     * @param special takes an element of the list that is no set of numbers, with its position; returns false when it is not special
     * @return bit n for each number n
     */
    long parse(String text, int position, BiPredicate<String, Integer> special) {
        long set = 0;
        int from = 0;
        while (from <= text.length()) {
            int comma = text.indexOf(',', from);
            int end = comma < 0 ? text.length() : comma;
            String element = text.substring(from, end);
            if (element.isEmpty()) {
                throw wrong(text, position, "a value on each side of a comma");
            }
            if (!special.test(element, position + from)) {
                set |= element(element, position + from);
            }
            from = end + 1;
        }
        if (this == DAY_OF_WEEK && (set & 1L << 7) != 0) {
            set = (set | 1) & ~(1L << 7);
        }
        return set;
    }

    private long element(String element, int position) {
        int slash = element.indexOf('/');
        String range = slash < 0 ? element : element.substring(0, slash);
        int step = slash < 0 ? 1 : step(element.substring(slash + 1), position + slash + 1);
        int first;
        int last;
        int dash = range.indexOf('-');
        if (range.equals("*") || range.equals("?")) {
            first = min;
            last = this == DAY_OF_WEEK ? max - 1 : max;
        } else if (dash >= 0) {
            first = number(range.substring(0, dash), position);
            last = number(range.substring(dash + 1), position + dash + 1);
            if (this == DAY_OF_WEEK && last == 0 && first > 0) {
                // Friday to Sunday.
                last = 7;
            }
            if (last < first) {
                throw wrong(range, position, "a range whose first value is not more than its last");
            }
        } else {
            first = number(range, position);
            last = slash < 0 ? first : this == DAY_OF_WEEK ? max - 1 : max;
        }
        long set = 0;
        for (int number = first; number <= last; number += step) {
            set |= 1L << number;
        }
        return set;
    }

    private int step(String text, int position) {
        int step = digits(text);
        if (step < 1 || step > max) {
            throw wrong(text, position, "a step of 1.." + max);
        }
        return step;
    }

    /** Reads one value of the field. */
    int number(String text, int position) {
        int named = names.indexOf(text.toUpperCase(Locale.ROOT));
        int number = named >= 0 ? named + min : digits(text);
        if (number < min || number > max) {
            throw wrong(text, position, expected());
        }
        return number;
    }

    private String expected() {
        return names.isEmpty()
                ? min + ".." + max
                : min + ".." + max + " or one of " + names.get(0) + ".." + names.get(names.size() - 1);
    }

    /** -1 for what is no number, or a long one. */
    static int digits(String text) {
        if (text.isEmpty() || text.length() > 3) {
            return -1;
        }
        int number = 0;
        for (char digit : text.toCharArray()) {
            if (digit < '0' || digit > '9') {
                return -1;
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    InvalidCronException wrong(String value, int position, String expected) {
        return new InvalidCronException(words, JsonFields.shorten(value), position, expected);
    }
}
