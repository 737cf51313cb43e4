package dev.architect.router.learned;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer looks like beside its question: its arithmetic, which numbers of the question it uses, its form, and how sure it sounds.
 * Of a long answer the first {@value #MAX_SCANNED} characters are read.
 */
final class AnswerShape {

    static final int MAX_SCANNED = 8 * 1024;

    /** How many features an answer has, and how many come before those of the form. */
    static final int FEATURES = 44;

    /** The features that are about how the answer ends, not what it says: they go by how a set of questions is graded. */
    static final int FORM = 39;

    private static final double TOLERANCE = 0.011;
    private static final String MARKER = "####";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?|\\.\\d+");
    private static final Pattern EQUATION = Pattern.compile(
            "([-+(]?[$€(]*\\.?\\d[\\d.,$€%() ]*(?:[-+−–*×·÷/x][ $€(]*\\.?\\d[\\d.,$€%() ]*)+)=[ $€]*(-?[$€]?(?:\\d[\\d,]*(?:\\.\\d+)?|\\.\\d+))");
    private static final Pattern ANNOTATION = Pattern.compile("<<[^<>\\n]*>>");
    private static final List<String> HEDGES = List.of(
            "however", "assum", "but since", "not possible", "cannot", "unclear", "actually", "approximately", "about");
    private static final List<String> DOUBTS =
            List.of("since", "we need", "let ", "we know", "so ", "therefore", "because", "if ", "average", "each");

    private AnswerShape() {}

    static float[] of(String question, String given) {
        String whole = given.length() <= MAX_SCANNED ? given : given.substring(0, MAX_SCANNED);
        String text = ANNOTATION.matcher(whole).replaceAll("");
        List<Double> asked = numbers(question);
        List<Double> said = numbers(text);
        Set<Double> askedSet = new HashSet<>(asked);
        Set<Double> saidSet = new HashSet<>(said);
        int wrong = 0;
        int right = 0;
        int fractions = 0;
        int negative = 0;
        List<Double> results = new ArrayList<>();
        Set<Double> operands = new HashSet<>();
        String[] sources = {whole};
        int operators = 0;
        int divisions = 0;
        int subtractions = 0;
        Matcher equation = EQUATION.matcher(sources[0]);
        while (equation.find()) {
            String left = equation.group(1);
            double value = Expression.value(left);
            double claimed = parse(equation.group(2));
            if (Double.isNaN(value) || Double.isNaN(claimed)) {
                continue;
            }
            if (Math.abs(value - claimed) <= TOLERANCE * Math.max(Math.abs(value), 1e-9)) {
                right++;
            } else {
                wrong++;
            }
            fractions += claimed != Math.rint(claimed) ? 1 : 0;
            negative += claimed < 0 ? 1 : 0;
            for (int i = 0; i < left.length(); i++) {
                char c = left.charAt(i);
                operators += "+-*/x×÷·−–".indexOf(c) >= 0 ? 1 : 0;
                divisions += c == '/' || c == '÷' ? 1 : 0;
                subtractions += c == '-' || c == '−' ? 1 : 0;
            }
            results.add(claimed);
            operands.addAll(numbers(left));
        }
        int marker = text.lastIndexOf(MARKER);
        String ending =
                marker < 0 ? "" : text.substring(marker + MARKER.length()).strip();
        List<Double> endingNumbers = numbers(ending);
        double last = marker >= 0 && !endingNumbers.isEmpty()
                ? endingNumbers.get(0)
                : said.isEmpty() ? Double.NaN : said.get(said.size() - 1);
        String lower = text.toLowerCase(Locale.ROOT);
        float[] f = new float[FEATURES];
        int at = 0;
        f[at++] = wrong;
        f[at++] = right;
        f[at++] = askedSet.stream().filter(each -> !saidSet.contains(each)).count();
        f[at++] = count(lower, HEDGES);
        f[at++] = (float) StrictMath.log1p(text.length());
        f[at++] = (float) StrictMath.log1p(question.length());
        f[at++] = askedSet.size();
        f[at++] = askedSet.contains(last) ? 1 : 0;
        f[at++] = lines(text);
        f[at++] = Math.min(1, wrong);
        f[at++] = (float) wrong / Math.max(1, wrong + right);
        f[at++] = fractions;
        f[at++] = negative;
        f[at++] = operators;
        f[at++] = divisions;
        f[at++] = subtractions;
        f[at++] = askedSet.stream().filter(each -> !operands.contains(each)).count();
        f[at++] = unused(results, operands, last);
        double lastResult = results.isEmpty() ? Double.NaN : results.get(results.size() - 1);
        f[at++] = same(lastResult, last) ? 1 : 0;
        f[at++] = results.stream().anyMatch(each -> same(each, last)) ? 1 : 0;
        f[at++] = results.isEmpty() ? 1 : 0;
        f[at++] = (float) StrictMath.log1p(Double.isNaN(last) ? 0 : Math.abs(last));
        f[at++] = Double.isNaN(last) || last < 0 ? 1 : 0;
        double largest = asked.stream().mapToDouble(Double::doubleValue).max().orElse(0);
        f[at++] = Double.isNaN(last) ? 0 : (float) (StrictMath.log1p(Math.abs(last)) - StrictMath.log1p(largest));
        for (int doubt = 0; doubt < 4; doubt++) {
            f[at++] = count(lower, DOUBTS.subList(doubt, doubt + 1));
        }
        f[at++] = count(lower, DOUBTS.subList(4, DOUBTS.size()));
        f[at++] = (float) text.length() / Math.max(1, question.length());
        f[at++] = said.size();
        f[at++] = (float) results.size() / Math.max(1, askedSet.size());
        f[at++] = sentences(text);
        f[at++] = question.contains("%") || question.contains("percent") ? 1 : 0;
        f[at++] = decimals(question);
        f[at++] = question.contains("/") ? 1 : 0;
        f[at++] = new HashSet<>(results).size();
        f[at++] = asked.size();
        f[at++] = count(lower, List.of("%", "percent"));
        // The form.
        f[at++] = marker < 0 ? 1 : 0;
        f[at++] = !Double.isNaN(last) && last != Math.rint(last) ? 1 : 0;
        f[at++] = whole.endsWith("\n") ? 1 : 0;
        f[at++] = ending.length();
        f[at] = isCutOff(whole) ? 1 : 0;
        return f;
    }

    private static boolean same(double one, double other) {
        return Math.abs(one - other) <= 1e-6 * Math.max(1, Math.abs(one));
    }

    /** Results that are no operand of a later step and not the last number. */
    private static int unused(List<Double> results, Set<Double> operands, double last) {
        int unused = 0;
        for (double result : results) {
            unused += operands.contains(result) || same(result, last) ? 0 : 1;
        }
        return unused;
    }

    private static boolean isCutOff(String text) {
        String stripped = text.stripTrailing();
        return !stripped.isEmpty()
                && !stripped.contains(MARKER)
                && ".!?)".indexOf(stripped.charAt(stripped.length() - 1)) < 0;
    }

    private static int count(String text, List<String> words) {
        int count = 0;
        for (String word : words) {
            for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length())) {
                count++;
            }
        }
        return count;
    }

    private static int lines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }

    private static int sentences(String text) {
        int count = 0;
        for (int i = 0; i + 1 < text.length(); i++) {
            count += text.charAt(i) == '.' && text.charAt(i + 1) <= ' ' ? 1 : 0;
        }
        return count;
    }

    private static int decimals(String text) {
        int count = 0;
        for (int i = 1; i + 1 < text.length(); i++) {
            count += text.charAt(i) == '.'
                            && Character.isDigit(text.charAt(i - 1))
                            && Character.isDigit(text.charAt(i + 1))
                    ? 1
                    : 0;
        }
        return count;
    }

    private static List<Double> numbers(String text) {
        List<Double> numbers = new ArrayList<>();
        Matcher number = NUMBER.matcher(text);
        while (number.find()) {
            numbers.add(parse(number.group()));
        }
        return numbers;
    }

    private static double parse(String number) {
        String digits = number.replaceAll("[,$€ ]", "");
        try {
            return Double.parseDouble(digits);
        } catch (NumberFormatException none) {
            return Double.NaN;
        }
    }

    /** The value of a sum of products with parentheses and percentages; NaN when it is none. */
    private static final class Expression {

        private static final int DEEPEST = 50;

        private final String text;
        private int at;
        private int depth;

        private Expression(String text) {
            this.text = text;
        }

        static double value(String given) {
            String text = given.replaceAll("[,$€ ]", "")
                    .replace('×', '*')
                    .replace('x', '*')
                    .replace('·', '*')
                    .replace('÷', '/')
                    .replace('−', '-')
                    .replace('–', '-');
            // A parenthesis of the sentence around the equation.
            while (text.startsWith("(") && open(text) > 0) {
                text = text.substring(1);
            }
            Expression expression = new Expression(text);
            double value = expression.sum();
            return expression.at == text.length() ? value : Double.NaN;
        }

        private static int open(String text) {
            int open = 0;
            for (int i = 0; i < text.length(); i++) {
                open += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
            }
            return open;
        }

        private boolean isNext(String characters) {
            return at < text.length() && characters.indexOf(text.charAt(at)) >= 0;
        }

        private double sum() {
            double value = product();
            while (isNext("+-")) {
                boolean isPlus = text.charAt(at++) == '+';
                double next = product();
                value = isPlus ? value + next : value - next;
            }
            return value;
        }

        private double product() {
            double value = operand();
            while (isNext("*/")) {
                boolean isTimes = text.charAt(at++) == '*';
                double next = operand();
                value = isTimes ? value * next : value / next;
            }
            return value;
        }

        private double operand() {
            double value;
            if (++depth > DEEPEST) {
                return Double.NaN;
            }
            if (isNext("-")) {
                at++;
                value = -operand();
            } else if (isNext("(")) {
                at++;
                value = sum();
                if (!isNext(")")) {
                    return Double.NaN;
                }
                at++;
            } else {
                int start = at;
                while (isNext("0123456789.")) {
                    at++;
                }
                value = start == at
                        ? Double.NaN
                        : parse(text.substring(start, at).replaceAll("\\.$", ""));
            }
            depth--;
            if (isNext("%")) {
                at++;
                value /= 100;
            }
            return value;
        }
    }
}
