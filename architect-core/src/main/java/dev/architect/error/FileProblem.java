package dev.architect.error;

import dev.architect.check.Check;

/**
 * Something that is wrong with a file of settings.
 *
 * @param file the name of the file
 * @param line the line, from 1; 0 when it is about the file as a whole
 * @param column the character of the line, from 1; 0 when it is about the file as a whole
 * @param field the path of the field, such as {@code models[0].quality}; blank when it is about the file as a whole
 * @param message the value seen and the value expected, without line breaks
 */
public record FileProblem(String file, int line, int column, String field, String message) {

    /** Checks every field. */
    public FileProblem {
        Check.notNull("file", file);
        Check.notNegative("line", line);
        Check.notNegative("column", column);
        Check.notNull("field", field);
        Check.notBlank("message", message);
    }

    /** Creates a problem of the file as a whole. */
    public static FileProblem ofFile(String file, String message) {
        return new FileProblem(file, 0, 0, "", message);
    }

    /** Renders it in one line, for example {@code routing.yaml:3:12: models[0].quality is 120, expected 0..100}. */
    @Override
    public String toString() {
        return line == 0 ? file + " " + message : file + ":" + line + ":" + column + ": " + field + " " + message;
    }
}
