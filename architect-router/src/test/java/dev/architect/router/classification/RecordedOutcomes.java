package dev.architect.router.classification;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** Prompts with the answers of a strong and a weak model, and how well a score ranks them. */
record RecordedOutcomes(String name, List<Row> rows) {

    private static final int THRESHOLDS = 10;
    private static final int SEEDS = 20;

    /** One prompt, and which of the two models were right. */
    record Row(String prompt, boolean strongIsRight, boolean weakIsRight) {}

    static RecordedOutcomes load(String name) {
        List<Row> rows = new ArrayList<>();
        try (InputStream file =
                        Objects.requireNonNull(RecordedOutcomes.class.getResourceAsStream(name + ".txt.gz"), name);
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(new GZIPInputStream(file), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                rows.add(new Row(unescape(line.substring(3)), line.charAt(0) == '1', line.charAt(1) == '1'));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return new RecordedOutcomes(name, rows);
    }

    private static String unescape(String line) {
        if (line.indexOf('\\') < 0) {
            return line;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            char character = line.charAt(i);
            if (character == '\\') {
                i++;
                char escaped = line.charAt(i);
                character = escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped;
            }
            text.append(character);
        }
        return text.toString();
    }

    /** Every second row, from the first or the second. */
    RecordedOutcomes half(int first) {
        return new RecordedOutcomes(
                name + ", half " + (first + 1),
                IntStream.range(0, rows.size())
                        .filter(i -> i % 2 == first)
                        .mapToObj(rows::get)
                        .toList());
    }

    /**
     * The performance gap recovered between the weak and the strong model, averaged over all shares of prompts that go to the strong
     * one, those with the highest scores first (APGR; I. Ong et al., RouteLLM, arXiv 2406.18665). A random score has 0.5. Equal scores are
     * ordered at random: the mean of twenty orders.
     */
    double recoveredGap(ToDoubleFunction<String> score) {
        double[] scores = rows.stream().map(Row::prompt).mapToDouble(score).toArray();
        return IntStream.range(0, SEEDS)
                .mapToDouble(seed -> recoveredGap(scores, new Random(seed)))
                .average()
                .orElseThrow();
    }

    private double recoveredGap(double[] scores, Random random) {
        int n = scores.length;
        double[] broken = Arrays.stream(scores)
                .map(score -> score + 1e-6 * random.nextDouble())
                .toArray();
        Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(row -> broken[row]));
        double[] sorted = Arrays.stream(order).mapToDouble(row -> broken[row]).toArray();
        // Right answers when the first k in this order go to the weak model and the others to the strong one.
        double[] right = new double[n + 1];
        right[0] = rows.stream().filter(Row::strongIsRight).count();
        for (int k = 0; k < n; k++) {
            Row row = rows.get(order[k]);
            right[k + 1] = right[k] + (row.weakIsRight() ? 1 : 0) - (row.strongIsRight() ? 1 : 0);
        }
        double area = 0;
        double lastShare = 1;
        double lastQuality = right[0] / n;
        for (int j = 1; j <= THRESHOLDS; j++) {
            double position = (double) j / THRESHOLDS * (n - 1);
            int low = (int) position;
            double threshold = sorted[low] + (sorted[Math.min(low + 1, n - 1)] - sorted[low]) * (position - low);
            int weak = 0;
            while (weak < n && (sorted[weak] < threshold || j == THRESHOLDS)) {
                weak++;
            }
            double share = 1 - (double) weak / n;
            area += (lastShare - share) * (lastQuality + right[weak] / n) / 2;
            lastShare = share;
            lastQuality = right[weak] / n;
        }
        double weakQuality = right[n] / n;
        return (area - weakQuality) / (right[0] / n - weakQuality);
    }
}
