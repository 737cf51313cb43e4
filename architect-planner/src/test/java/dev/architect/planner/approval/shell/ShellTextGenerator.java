package dev.architect.planner.approval.shell;

import java.util.List;
import java.util.Random;

/**
 * Random texts for a shell, rich in quotes, blanks and operators. None has a slash in the place of a program or of a target, so that
 * whatever a shell makes of them, it runs nothing and writes only where it stands.
 */
final class ShellTextGenerator {

    static final List<String> PROGRAMS = List.of("p", "q1", "run", "echo", "ls", "cd", "test", "true");

    private static final String RAW = "ab'\"\\ \t\n;|&<>#=12~-x.+,%^@:!$*?{}()[]`é";

    private static final List<String> JOINTS = List.of(
            " && ", "&&", " || ", "||", " ; ", ";", " | ", "|", "\n", "\n\n", " &&\n", " |\n\t", ";\n", " \\\n&& ");

    private static final List<String> BLANKS = List.of(" ", "  ", "\t", " \t ", " \\\n ", "\\\n ");

    private final Random random;

    ShellTextGenerator(long seed) {
        random = new Random(seed);
    }

    /** Returns the next text: three of four by a grammar, the others from single characters. */
    String next() {
        if (random.nextInt(4) == 0) {
            return raw(1 + random.nextInt(24));
        }
        StringBuilder text = new StringBuilder();
        if (random.nextInt(8) == 0) {
            text.append(pick(List.of("\n", " ", "\t", "# a 'b\n", "#\n", "\\\n")));
        }
        int commands = 1 + random.nextInt(4);
        for (int index = 0; index < commands; index++) {
            if (index > 0) {
                text.append(pick(JOINTS));
            }
            command(text);
        }
        if (random.nextInt(6) == 0) {
            text.append(pick(List.of(";", "\n", " ", " # end \" '", " #", "\\\n")));
        }
        if (random.nextInt(20) == 0) {
            int at = random.nextInt(text.length() + 1);
            text.insert(at, RAW.charAt(random.nextInt(RAW.length())));
        }
        return text.toString();
    }

    private String raw(int length) {
        StringBuilder text = new StringBuilder(random.nextBoolean() ? "p" : "");
        for (int index = 0; index < length; index++) {
            text.append(RAW.charAt(random.nextInt(RAW.length())));
        }
        return text.toString();
    }

    private void command(StringBuilder text) {
        if (random.nextInt(5) == 0) {
            text.append(pick(List.of("V1=", "V2=", "_x9=")));
            if (random.nextInt(3) > 0) {
                word(text);
            }
            text.append(pick(BLANKS));
        }
        if (random.nextInt(12) == 0) {
            redirection(text);
            text.append(pick(BLANKS));
        }
        program(text);
        int words = random.nextInt(4);
        for (int index = 0; index < words; index++) {
            text.append(pick(BLANKS));
            if (random.nextInt(8) == 0) {
                redirection(text);
            } else {
                word(text);
            }
        }
        if (random.nextInt(10) == 0) {
            redirection(text);
        }
    }

    /** A program, with some of its letters quoted. */
    private void program(StringBuilder text) {
        String program = pick(PROGRAMS);
        for (int index = 0; index < program.length(); index++) {
            String letter = program.substring(index, index + 1);
            text.append(
                    switch (random.nextInt(14)) {
                        case 0 -> "'" + letter + "'";
                        case 1 -> "\"" + letter + "\"";
                        case 2 -> "\\" + letter;
                        case 3 -> letter + "\\\n";
                        case 4 -> letter + "''";
                        default -> letter;
                    });
        }
    }

    private void word(StringBuilder text) {
        int pieces = 1 + random.nextInt(3);
        for (int index = 0; index < pieces; index++) {
            switch (random.nextInt(9)) {
                case 0 ->
                    text.append('\'')
                            .append(inside("\"\\ \t\n;|&<>#$`!*?~{}()[]=ab/é"))
                            .append('\'');
                case 1 ->
                    text.append('"')
                            .append(inside("' \t\n;|&<>#*?~{}()[]=ab/é"))
                            .append('"');
                case 2 ->
                    text.append('"')
                            .append(pick(List.of("\\\"", "\\\\", "a\\b", "\\\n", "\\'")))
                            .append('"');
                case 3 -> text.append('\\').append("'\"\\ \t;|&<>#$`!*?~{}()[]=ab".charAt(random.nextInt(26)));
                case 4 ->
                    text.append(pick(List.of(
                            "''", "\"\"", "a=b", "=", "#a", "a#", "-x", "--y=z", "2", "a/b", "%1", "^", "@", "HEAD~1",
                            "]", "+", ":")));
                case 5 -> text.append("\\\n");
                case 6 ->
                    text.append(
                            pick(List.of("é", "日本", "if", "then", "done", "in", "time", "x.y", "a,b", "..", "50%")));
                default -> text.append((char) ('a' + random.nextInt(26)));
            }
        }
    }

    private String inside(String alphabet) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(6);
        for (int index = 0; index < length; index++) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    private void redirection(StringBuilder text) {
        text.append(pick(List.of(
                "2>&1",
                ">&2",
                "1>&2",
                "> f",
                ">f",
                ">>g",
                "2>h",
                "1>> 'i j'",
                "< k",
                "0<\"l\"",
                ">\\\nm",
                "> \\n",
                "2 >o",
                "\"2\">p9",
                "<'é'")));
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
