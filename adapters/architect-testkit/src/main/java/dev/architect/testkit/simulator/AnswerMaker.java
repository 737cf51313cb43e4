package dev.architect.testkit.simulator;

import java.time.Instant;
import java.util.SplittableRandom;

/** Turns what was asked into a complete answer with its tokens and its cost. */
final class AnswerMaker {

    /** The part of a prompt that a cache hit covers. */
    private static final double CACHED_PART = 0.75;

    private AnswerMaker() {}

    static ChatAnswer answer(
            Wanted.Chat wanted, SimulatorScript script, ProviderScript provider, SplittableRandom random, Ids ids) {
        SimulatedModel model = wanted.model();
        String whole = script.answers()
                .text(wanted.prompt().lastUser(), model.strength())
                .orElseGet(() -> InventedAnswers.text(script.seed(), wanted.modelId(), wanted.prompt()));
        long reasoning = Math.min(wanted.maxTokens(), Math.round(TokenCounts.of(whole) * model.reasoningShare()));
        String text = shorten(whole, wanted.maxTokens() - reasoning);
        TokenCounts counts = counts(wanted, provider, random, TokenCounts.of(text), reasoning);
        String name = model.servedModel().isEmpty() ? wanted.modelId() : model.servedModel();
        long nanos = Math.multiplyExact(provider.perToken().toNanos(), counts.output());
        return new ChatAnswer(
                ids,
                name,
                text,
                text.length() < whole.length(),
                counts,
                wanted.format().bill(model.prices(), counts),
                Instant.now(),
                nanos);
    }

    private static TokenCounts counts(
            Wanted.Chat wanted, ProviderScript provider, SplittableRandom random, long text, long reasoning) {
        long prompt = wanted.prompt().tokens();
        long prefix = (long) (prompt * CACHED_PART);
        boolean hit = random.nextDouble() < provider.cacheHitShare();
        boolean writes =
                provider.cacheHitShare() > 0 && !hit && wanted.model().prices().cacheWritePicoUsd() > 0;
        return new TokenCounts(prompt, hit ? prefix : 0, writes ? prefix : 0, text, reasoning, wanted.searches());
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
