package dev.architect.benchmarks.call;

import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Calls to one server on loopback that answers at once, by Architect, LangChain4j and Spring AI in turn: whole and streamed, one after
 * the other on one thread. The rounds are interleaved; a ratio is formed of two means of the same round.
 */
public final class CallComparison {

    private static final String LINE = "| %-8s | %-11s | %10s | %10s | %10s |%n";
    private static final double MICRO = 1e3;
    private static final double P99 = 0.99;

    private CallComparison() {}

    /** Runs with {@code --rounds N}, {@code --calls N} and {@code --json FILE}. */
    public static void main(String... arguments) throws Exception {
        Measurement.main(CallComparison::measure, arguments);
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Options options = Options.parse(arguments, Map.of("rounds", "7", "calls", "2000"));
        int rounds = options.number("rounds", 1);
        int calls = options.number("calls", 1);
        Map<String, Object> machine = HostInfo.facts();
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<String, Object> ratios = new LinkedHashMap<>();
        try (AnswerServer server = new AnswerServer()) {
            Map<String, CallClient> clients = new LinkedHashMap<>();
            clients.put("architect", CallClient.architect(server.address()));
            clients.put("langchain4j", CallClient.langChain4j(server.address()));
            clients.put("spring-ai", CallClient.springAi(server.address()));
            System.out.printf(LINE, "answer", "client", "mean µs", "p50 µs", "p99 µs");
            System.out.printf(LINE, "---", "---", "---:", "---:", "---:");
            for (boolean streamed : List.of(false, true)) {
                Map<String, List<long[]>> times = new LinkedHashMap<>();
                // The first round warms up and is not counted.
                for (int round = 0; round <= rounds; round++) {
                    for (Map.Entry<String, CallClient> client : clients.entrySet()) {
                        long[] nanos = times(client.getValue(), streamed, calls);
                        if (round > 0) {
                            times.computeIfAbsent(client.getKey(), name -> new ArrayList<>())
                                    .add(nanos);
                        }
                    }
                }
                times.forEach((client, all) -> rows.add(row(streamed ? "streamed" : "whole", client, all)));
                for (String other : List.of("langchain4j", "spring-ai")) {
                    ratios.put(
                            (streamed ? "streamed" : "whole") + "/" + other,
                            ratio(times.getOrDefault("architect", List.of()), times.getOrDefault(other, List.of()))
                                    .asMap());
                }
            }
            clients.values().forEach(CallClient::close);
        }
        System.out.println();
        ratios.forEach((name, ratio) -> System.out.println("architect ÷ " + name + ": " + ratio));
        return new MeasurementReport("calls", machine, Map.of("rounds", rounds, "calls", calls), rows, ratios);
    }

    private static long[] times(CallClient client, boolean streamed, int calls) throws Exception {
        long[] nanos = new long[calls];
        for (int call = 0; call < calls; call++) {
            long start = System.nanoTime();
            String text = streamed ? client.streamed() : client.whole();
            nanos[call] = System.nanoTime() - start;
            if (!text.equals(AnswerServer.text())) {
                throw new IllegalStateException("answer is '" + text + "', expected '" + AnswerServer.text() + "'");
            }
        }
        return nanos;
    }

    private static Quantiles ratio(List<long[]> own, List<long[]> other) {
        double[] ratios = new double[own.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = mean(own.get(round)) / mean(other.get(round));
        }
        return Quantiles.of(ratios);
    }

    private static double mean(long[] nanos) {
        return Arrays.stream(nanos).average().orElseThrow();
    }

    private static Map<String, Object> row(String answer, String client, List<long[]> rounds) {
        long[] sorted = rounds.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        double mean = mean(sorted) / MICRO;
        double median = sorted[sorted.length / 2] / MICRO;
        double p99 = sorted[(int) Math.ceil(P99 * sorted.length) - 1] / MICRO;
        System.out.printf(LINE, answer, client, number(mean), number(median), number(p99));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("answer", answer);
        row.put("client", client);
        row.put("meanMicros", mean);
        row.put("p50Micros", median);
        row.put("p99Micros", p99);
        return row;
    }

    private static String number(double micros) {
        return String.format(Locale.ROOT, "%,.0f", micros);
    }
}
