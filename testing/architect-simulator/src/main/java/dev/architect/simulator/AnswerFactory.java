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
 * Turns a parsed request into a complete answer with its tokens and its cost.
 *
 * <p>The answer consists of tool calls when the request selects any; else of JSON when a schema was
 * given; else of the tool results, or of a recorded or generated text. The same request gets the same answer.
 */
final class AnswerFactory {

    /** The share of a prompt that a cache hit covers when the request sets no cache breakpoint. */
    private static final double CACHED_SHARE = 0.75;

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

    ChatAnswer answer(ParsedRequest.Chat request) {
        SimulatedModel model = request.model();
        ProviderScript provider = script.provider(providerName);
        List<ToolCall> selected = calls(request);
        List<CitedSource> citations = request.searches() > 0 && selected.isEmpty() ? CitedSource.FOUND : List.of();
        String generated =
                selected.isEmpty() ? rest(text(request), request.prompt().prefix()) : "";
        String stop = firstStop(generated, request.stops());
        String untilStop = stop == null ? generated : generated.substring(0, generated.indexOf(stop));
        long fullTokens = TokenCounts.of(untilStop) + tokens(selected);
        String reasoningText = request.reasons()
                ? shorten(GeneratedAnswers.reasoning(request.prompt(), request.effort()), request.maxTokens())
                : "";
        // Reasoning is taken from the limit first, as with real models: a small limit may leave no text at all.
        long reasoning = Math.min(request.maxTokens(), reasoning(request, reasoningText, fullTokens));
        long remaining = request.maxTokens() - reasoning;
        List<ToolCall> calls = withinLimit(selected, remaining);
        String text = shorten(untilStop, remaining);
        boolean truncated = text.length() < untilStop.length() || calls.size() < selected.size();
        TokenCounts counts = counts(request, provider, TokenCounts.of(text) + tokens(calls), reasoning);
        return new ChatAnswer(
                ids,
                model.servedModel().isEmpty() ? request.modelId() : model.servedModel(),
                reasoningText,
                text,
                calls,
                citations,
                // A text that the limit cut before the stop sequence did not end because of it.
                truncated ? null : stop,
                truncated,
                counts,
                request.format().cost(model.prices(), counts),
                Instant.now(),
                Math.multiplyExact(provider.perToken().toNanos(), counts.output()));
    }

    private List<ToolCall> calls(ParsedRequest.Chat request) {
        List<ToolCall> calls = new ArrayList<>();
        for (ToolUse.SelectedTool tool : request.tools().select(request.prompt())) {
            calls.add(ToolCall.of(request.format().callId(ids, calls.size()), tool));
        }
        return calls;
    }

    private String text(ParsedRequest.Chat request) {
        JsonNode schema = request.outputSchema();
        List<String> results = request.prompt().results();
        if (schema != null) {
            String source = results.isEmpty() ? request.prompt().lastUser() : String.join(" ", results);
            return SimulatorJson.text(new SchemaInstanceGenerator(schema, source).generate());
        }
        return results.isEmpty()
                ? script.answers()
                        .text(request.prompt().lastUser(), request.model().strength())
                        .orElseGet(() -> GeneratedAnswers.text(script.seed(), request.modelId(), request.prompt()))
                : "The tools answered:\n" + String.join("\n", results);
    }

    /** What follows the beginning; a text that begins otherwise follows it as it is. */
    private static String rest(String text, String prefix) {
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
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

    private static long reasoning(ParsedRequest.Chat request, String text, long answer) {
        if (request.effort().isEmpty()) {
            return Math.round(answer * request.model().reasoningShare());
        }
        return TokenCounts.of(text);
    }

    private TokenCounts counts(ParsedRequest.Chat request, ProviderScript provider, long output, long reasoning) {
        long prompt = request.prompt().tokens();
        // Drawn also where a breakpoint decides: the draws that follow stay the same with and without it.
        boolean hitByChance = random.nextDouble() < provider.cacheHitShare();
        boolean charged = request.model().prices().cacheWritePicoUsd() > 0;
        Prompt.CacheBreakpoint breakpoint = request.prompt().lastCacheBreakpoint();
        boolean hit = breakpoint == null
                ? hitByChance
                : cache.lookUpAndAdd(providerName, request.modelId(), breakpoint.hash());
        // Vendors that charge nothing for writing do not report what they wrote.
        boolean writes = charged && !hit && (breakpoint != null || provider.cacheHitShare() > 0);
        boolean lasting = breakpoint != null && breakpoint.lifetime() == Prompt.CacheLifetime.LONG;
        long prefix = breakpoint == null ? (long) (prompt * CACHED_SHARE) : breakpoint.tokens();
        return new TokenCounts(
                prompt,
                hit ? prefix : 0,
                writes && !lasting ? prefix : 0,
                writes && lasting ? prefix : 0,
                output,
                reasoning,
                request.searches());
    }

    private static List<ToolCall> withinLimit(List<ToolCall> calls, long tokens) {
        int count = 0;
        for (long remaining = tokens; count < calls.size() && calls.get(count).tokens() <= remaining; count++) {
            remaining -= calls.get(count).tokens();
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
        // Cutting between the two halves of a surrogate pair would not be valid UTF-8.
        return text.substring(0, end > 0 && Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
    }
}
