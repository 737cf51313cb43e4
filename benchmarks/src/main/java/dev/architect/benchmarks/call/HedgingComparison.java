package dev.architect.benchmarks.call;

import dev.architect.Architect;
import dev.architect.benchmarks.HostInfo;
import dev.architect.benchmarks.Measurement;
import dev.architect.benchmarks.MeasurementReport;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.Percentiles;
import dev.architect.chat.ChatRequest;
import dev.architect.model.ModelId;
import dev.architect.provider.openai.OpenAiApi;
import dev.architect.provider.openai.OpenAiProvider;
import dev.architect.router.CostAwareRouter;
import dev.architect.router.policy.HedgingSettings;
import dev.architect.router.policy.ModelPolicy;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.pricing.Prices;
import dev.architect.spi.TimeSource;
import dev.architect.store.memory.InMemoryStore;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Requests to one model on a server on loopback of whose calls a few take many times as long, without second calls and with them: how long
 * requests take, how many more calls are made, and how soon the server sees that the slower call was given up.
 */
public final class HedgingComparison {

    private static final double HUNDRED = 100;
    private static final int SAMPLES = 50;
    private static final int PERCENTILE = 95;
    private static final int CONCURRENT = 64;

    private HedgingComparison() {}

    /**
     * Runs with {@code --requests N}, {@code --parallel N}, {@code --normal-millis N}, {@code --slow-factor N}, {@code --slow-percent N},
     * {@code --budget PERCENT}, {@code --answer streamed|whole} and {@code --json FILE}.
     */
    public static void main(String... arguments) throws Exception {
        Measurement.main(HedgingComparison::measure, arguments);
    }

    /** The figures of one run. */
    private record Run(Percentiles times, int requests, int calls, Percentiles hangUps) {

        double extraPercent() {
            return Math.round(HUNDRED * HUNDRED * (calls - requests) / requests) / HUNDRED;
        }

        Map<String, Object> row(String subject) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("subject", subject);
            row.putAll(times.asMap());
            row.put("calls", calls);
            row.put("extraCallsPercent", extraPercent());
            row.put("hangUps", hangUps.count());
            row.put("hangUpP99Millis", hangUps.asMap().get("p99Millis"));
            row.put("hangUpMaxMillis", hangUps.asMap().get("maxMillis"));
            return row;
        }
    }

    static MeasurementReport measure(List<String> arguments) throws Exception {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("requests", "6000");
        defaults.put("parallel", "8");
        defaults.put("normal-millis", "20");
        defaults.put("slow-factor", "20");
        defaults.put("slow-percent", "2");
        defaults.put("budget", "5");
        defaults.put("answer", "streamed");
        Options options = Options.parse(arguments, defaults);
        int budget = options.number("budget", 1);
        options.oneOf("answer", "streamed", "whole");
        Map<String, Object> machine = HostInfo.facts();
        // Loads the classes; not counted.
        run(options, HedgingSettings.OFF, 2 * SAMPLES);
        int requests = options.number("requests", 1);
        Run plain = run(options, HedgingSettings.OFF, requests);
        System.out.println("plain:  " + plain.times);
        Run hedged = run(options, new HedgingSettings(true, budget, budget, PERCENTILE, SAMPLES), requests);
        System.out.println("hedged: " + hedged.times);
        double cut = Math.round(HUNDRED * HUNDRED * (1 - hedged.times.p99() / plain.times.p99())) / HUNDRED;
        System.out.printf(
                Locale.ROOT,
                "p99 %.1f %% lower at %.2f %% more calls; slower calls were given up: %s%n",
                cut,
                hedged.extraPercent(),
                hedged.hangUps);
        Map<String, Object> facts = new LinkedHashMap<>();
        defaults.keySet().forEach(name -> facts.put(name, options.text(name)));
        Map<String, Object> ratios = new LinkedHashMap<>();
        ratios.put("p99CutPercent", cut);
        ratios.put("extraCallsPercent", hedged.extraPercent());
        ratios.put("hangUpMaxMillis", hedged.hangUps.asMap().get("maxMillis"));
        return new MeasurementReport(
                "hedging", machine, facts, List.of(plain.row("plain"), hedged.row("hedged")), ratios);
    }

    private static Run run(Options options, HedgingSettings hedging, int requests) throws Exception {
        try (BimodalServer server = new BimodalServer(
                        options.number("normal-millis", 1),
                        options.number("slow-factor", 1),
                        options.number("slow-percent", 0));
                Architect architect = architect(server.address(), hedging)) {
            boolean streamed = options.text("answer").equals("streamed");
            Collection<Long> nanos = new ConcurrentLinkedQueue<>();
            AtomicInteger next = new AtomicInteger();
            int parallel = options.number("parallel", 1);
            ExecutorService callers = Executors.newFixedThreadPool(parallel);
            try {
                List<Future<?>> running = new ArrayList<>();
                for (int caller = 0; caller < parallel; caller++) {
                    running.add(callers.submit(() -> ask(architect, streamed, next, requests, nanos)));
                }
                for (Future<?> each : running) {
                    each.get();
                }
            } finally {
                callers.shutdownNow();
            }
            return new Run(Percentiles.ofNanos(nanos), requests, server.calls(), Percentiles.ofNanos(server.hangUps()));
        }
    }

    private static void ask(
            Architect architect, boolean streamed, AtomicInteger next, int requests, Collection<Long> nanos) {
        for (int number = next.incrementAndGet(); number <= requests; number = next.incrementAndGet()) {
            ChatRequest request = ChatRequest.of("This is request " + number);
            long start = System.nanoTime();
            StringBuilder text = new StringBuilder();
            if (streamed) {
                architect.chat(request, text::append);
            } else {
                text.append(architect.chat(request).text());
            }
            nanos.add(System.nanoTime() - start);
            if (!text.toString().equals(AnswerServer.text())) {
                throw new IllegalStateException("answer is '" + text + "', expected '" + AnswerServer.text() + "'");
            }
        }
    }

    private static Architect architect(URI address, HedgingSettings hedging) {
        ModelPolicy model = ModelPolicy.builder("openai/" + AnswerServer.model(), 90, 100_000)
                .maxConcurrent(CONCURRENT)
                .build();
        return Architect.builder()
                .store(new InMemoryStore(TimeSource.system()))
                .router(CostAwareRouter.with(
                                RoutingPolicy.builder(ModelId.parse("openai/" + AnswerServer.model()), List.of(model))
                                        .hedging(hedging)
                                        .build())
                        .prices(Prices.parse("""
                                version: benchmark
                                base: none
                                currency: USD
                                prices:
                                  - {provider: openai, model: instant, usdPerMillionTokens: {input: 1, output: 2}, source: made up, checked: 2026-11-01}
                                """)))
                .provider(OpenAiProvider.builder(name -> Optional.of("key"))
                        .api(OpenAiApi.CHAT_COMPLETIONS)
                        .baseUrl(URI.create(address + "/v1"))
                        .build())
                .withoutTaskExecution()
                .build();
    }
}
