package dev.architect.runtime.cost;

import dev.architect.cost.CallOutcome;
import dev.architect.cost.CostStatus;
import dev.architect.json.JsonFields;
import dev.architect.usage.UsageBucket;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request, what the provider answers, and what the ledger has to say of it.
 *
 * @param source why the figures are right
 * @param at when the calls start
 * @param adapter the adapter by the name of its factory, or the provider that it is to be for OpenAI's dialect
 * @param models the models of the policy, the best first
 * @param stopAfterTexts after how many texts the request is cancelled; empty for never
 * @param fails whether the request fails
 * @param timeoutMillis after which time the request ends; empty for the usual one
 * @param isHedged whether a late call gets a second one; the replies are those after calls that were fast
 */
record GoldenCall(
        String id,
        String source,
        Instant at,
        String adapter,
        Map<String, String> options,
        List<String> models,
        boolean isStreamed,
        List<Reply> replies,
        List<Expected> calls,
        Optional<Integer> stopAfterTexts,
        boolean fails,
        Optional<Integer> timeoutMillis,
        boolean isHedged) {

    /** What the provider sends. One that is cut ends without its end; one that hangs is not ended at all. */
    record Reply(int status, String type, String body, boolean isCut, boolean hangs) {

        static Reply read(JsonFields fields) {
            return new Reply(
                    fields.integer("status", 100, 599).orElseThrow(),
                    fields.requiredText("type"),
                    fields.requiredText("body"),
                    fields.flag("cut", false),
                    fields.flag("hang", false));
        }
    }

    /** An entry of the ledger; what is empty may be anything. */
    record Expected(
            CostStatus status,
            CallOutcome outcome,
            Optional<Map<UsageBucket, Long>> usage,
            Optional<Long> picoUsd,
            Optional<String> answered) {

        static Expected read(JsonFields fields) {
            return new Expected(
                    CostStatus.valueOf(fields.requiredText("status")),
                    CallOutcome.valueOf(fields.requiredText("outcome")),
                    fields.has("usage") ? Optional.of(usage(fields.textsByName("usage"))) : Optional.empty(),
                    fields.text("picoUsd").map(Long::parseLong),
                    fields.text("answered"));
        }

        private static Map<UsageBucket, Long> usage(Map<String, String> counts) {
            Map<UsageBucket, Long> usage = new EnumMap<>(UsageBucket.class);
            counts.forEach((bucket, count) -> usage.put(UsageBucket.valueOf(bucket), Long.parseLong(count)));
            return usage;
        }
    }

    /** Reads a line of the file. */
    static GoldenCall parse(String line) {
        JsonFields fields = JsonFields.parse(line);
        return new GoldenCall(
                fields.requiredText("id"),
                fields.requiredText("source"),
                Instant.parse(fields.requiredText("at")),
                fields.requiredText("adapter"),
                fields.textsByName("options"),
                fields.texts("models"),
                fields.flag("stream", false),
                fields.objects("replies").stream().map(Reply::read).toList(),
                fields.objects("calls").stream().map(Expected::read).toList(),
                fields.integer("stopAfterTexts", 0, 1_000),
                fields.flag("fails", false),
                fields.integer("timeoutMillis", 1, 60_000),
                fields.flag("hedge", false));
    }

    @Override
    public String toString() {
        return id;
    }
}
