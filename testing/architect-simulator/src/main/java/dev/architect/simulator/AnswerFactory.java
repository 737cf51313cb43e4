package dev.architect.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.architect.simulator.answer.ChatAnswer;
import dev.architect.simulator.answer.CitedSource;
import dev.architect.simulator.answer.GeneratedAnswers;
import dev.architect.simulator.answer.Prompt;
import dev.architect.simulator.answer.PromptCache;
import dev.architect.simulator.answer.ResponseIds;
import dev.architect.simulator.answer.TokenCounts;
import dev.architect.simulator.answer.ToolCall;
import dev.architect.simulator.answer.ToolUse;
import dev.architect.simulator.json.SchemaInstanceGenerator;
import dev.architect.simulator.json.SimulatorJson;
import dev.architect.simulator.script.ProviderScript;
import dev.architect.simulator.script.SimulatedModel;
import dev.architect.simulator.script.SimulatorScript;
import dev.architect.simulator.wire.ParsedRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Turns what was asked into a complete answer with its tokens and its cost.
 *
 * <p>The answer is tool calls when the request leads to any; else what the tools gave back; else JSON when a schema was
 * given; else the recorded or an invented text. The same request gets the same answer.
 */
final class AnswerFactory {

    /** The part of a prompt that a cache hit covers where no mark says so. */
    private static final double CACHED_PART = 0.75;

    private final SimulatorScript script;
    private final String providerName;
    private final PromptCache cache;
    private final SplittableRandom random;
    private final ResponseIds ids;

    AnswerFactory(
            SimulatorScript script, String providerName, PromptCache cache, SplittableRandom random, ResponseIds ids) {
        this.script = script;
        this.providerName = providerName;
        this.cache = cache;
        this.random = random;
        this.ids = ids;
    }

    ChatAnswer answer(ParsedRequest.Chat wanted) {
        SimulatedModel model = wanted.model();
        ProviderScript provider = script.provider(providerName);
        List<ToolCall> asked = calls(wanted);
        List<CitedSource> citations = wanted.searches() > 0 && asked.isEmpty() ? CitedSource.FOUND : List.of();
        String whole = asked.isEmpty() ? text(wanted) : "";
        String stop = firstStop(whole, wanted.stops());
        String stopped = stop == null ? whole : whole.substring(0, whole.indexOf(stop));
        long full = TokenCounts.of(stopped) + tokens(asked);
        String reasoningText = wanted.reasons()
                ? shorten(GeneratedAnswers.reasoning(wanted.prompt(), wanted.effort()), wanted.maxTokens())
                : "";
        long reasoning = Math.min(wanted.maxTokens(), reasoning(wanted, reasoningText, full));
        long left = wanted.maxTokens() - reasoning;
        List<ToolCall> calls = fitting(asked, left);
        String text = shorten(stopped, left);
        boolean cut = text.length() < stopped.length() || calls.size() < asked.size();
        TokenCounts counts = counts(wanted, provider, TokenCounts.of(text) + tokens(calls), reasoning);
        return new ChatAnswer(
                ids,
                model.servedModel().isEmpty() ? wanted.modelId() : model.servedModel(),
                reasoningText,
                text,
                calls,
                citations,
                cut ? null : stop,
                cut,
                counts,
                wanted.format().bill(model.prices(), counts),
                Instant.now(),
                Math.multiplyExact(provider.perToken().toNanos(), counts.output()));
    }

    private List<ToolCall> calls(ParsedRequest.Chat wanted) {
        List<ToolCall> calls = new ArrayList<>();
        for (ToolUse.Chosen chosen : wanted.tools().decide(wanted.prompt())) {
            calls.add(ToolCall.of(wanted.format().callId(ids, calls.size()), chosen));
        }
        return calls;
    }

    private String text(ParsedRequest.Chat wanted) {
        JsonNode schema = wanted.outputSchema();
        List<String> results = wanted.prompt().results();
        if (schema != null) {
            String words = results.isEmpty() ? wanted.prompt().lastUser() : String.join(" ", results);
            return SimulatorJson.text(new SchemaInstanceGenerator(schema, words).make());
        }
        return results.isEmpty()
                ? script.answers()
                        .text(wanted.prompt().lastUser(), wanted.model().strength())
                        .orElseGet(() -> GeneratedAnswers.text(script.seed(), wanted.modelId(), wanted.prompt()))
                : "The tools answered:\n" + String.join("\n", results);
    }

    private static @Nullable String firstStop(String text, List<String> stops) {
        String first = null;
        int at = Integer.MAX_VALUE;
        for (String stop : stops) {
            int found = stop.isEmpty() ? -1 : text.indexOf(stop);
            if (found >= 0 && found < at) {
                first = stop;
                at = found;
            }
        }
        return first;
    }

    private static long reasoning(ParsedRequest.Chat wanted, String text, long answer) {
        if (wanted.effort().isEmpty()) {
            return Math.round(answer * wanted.model().reasoningShare());
        }
        return TokenCounts.of(text);
    }

    private TokenCounts counts(ParsedRequest.Chat wanted, ProviderScript provider, long output, long reasoning) {
        long prompt = wanted.prompt().tokens();
        boolean luck = random.nextDouble() < provider.cacheHitShare();
        boolean charged = wanted.model().prices().cacheWritePicoUsd() > 0;
        Prompt.Mark mark = wanted.prompt().lastMark();
        boolean hit = mark == null ? luck : cache.see(providerName, wanted.modelId(), mark.hash());
        boolean writes = charged && !hit && (mark != null || provider.cacheHitShare() > 0);
        boolean lasting = mark != null && mark.lifetime() == Prompt.Lifetime.LONG;
        long prefix = mark == null ? (long) (prompt * CACHED_PART) : mark.tokens();
        return new TokenCounts(
                prompt,
                hit ? prefix : 0,
                writes && !lasting ? prefix : 0,
                writes && lasting ? prefix : 0,
                output,
                reasoning,
                wanted.searches());
    }

    private static List<ToolCall> fitting(List<ToolCall> calls, long tokens) {
        int count = 0;
        for (long left = tokens; count < calls.size() && calls.get(count).tokens() <= left; count++) {
            left -= calls.get(count).tokens();
        }
        return List.copyOf(calls.subList(0, count));
    }

    private static long tokens(List<ToolCall> calls) {
        return calls.stream().mapToLong(ToolCall::tokens).sum();
    }

    private static String shorten(String text, long tokens) {
        if (TokenCounts.of(text) <= tokens) {
            return text;
        }
        int end = (int) (tokens * 4);
        // Half of a surrogate pair is no text.
        return text.substring(0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }
}
