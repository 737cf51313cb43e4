package dev.architect.answer;

import dev.architect.chat.AnswerVerdict;
import dev.architect.chat.ChatRequest;
import dev.architect.chat.ChatResponse;

/**
 * Verifies an answer before it is returned. When it rejects one, the router asks the next better model, and both calls are billed. Called
 * on the thread of the request, by many threads at a time; it should take microseconds to milliseconds, for the request waits. It
 * gets complete answers only, and none that consists of tool calls.
 *
 * <p>What it throws, an {@link Error} included, is logged by its class and counts as {@link AnswerVerdict#unsure()}: a checker that
 * is broken rejects nothing.
 */
@FunctionalInterface
public interface AnswerChecker {

    /** Returns the verdict on {@code answer}. Its reason is a code and holds nothing of the texts. */
    AnswerVerdict check(ChatRequest request, ChatResponse answer);
}
