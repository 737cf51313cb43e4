package dev.architect.router.classification;

import dev.architect.chat.ChatRequest;
import dev.architect.model.Complexity;
import dev.architect.route.Classification;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells how complex a request is by counting signals that a person can check: length, questions, steps, constraints, code,
 * numbers, and words that ask for design, proof, analysis or a long answer.
 *
 * <p>The same request always gives the same class. Reasons are counts, never text of the prompt. The words are English; in
 * other languages length, form, numbers and code still count. Of a very long turn the beginning and the end are read,
 * {@value #MAX_SCANNED} characters together. Immutable and safe for use by several threads.
 */
public final class PromptClassifier {

    /** The most characters of a turn that are read. */
    static final int MAX_SCANNED = 64 * 1024;

    private static final int LONG_OUTPUT_TOKENS = 2_000;

    /** Creates a classifier. */
    public PromptClassifier() {}

    /** Returns the class of {@code request} with the reasons for it. */
    public Classification classify(ChatRequest request) {
        String prompt = request.prompt();
        PromptScan scan = new PromptScan();
        if (prompt.length() <= MAX_SCANNED) {
            scan.read(prompt, 0, prompt.length());
        } else {
            scan.read(prompt, 0, MAX_SCANNED / 2);
            scan.read(prompt, prompt.length() - MAX_SCANNED / 2, prompt.length());
        }
        scan.set(PromptSignal.LENGTH, prompt.length());
        scan.set(PromptSignal.TURNS, request.messages().size() - 1L);
        scan.set(PromptSignal.CONTEXT, context(request));
        if (request.maxOutputTokens().orElse(0) >= LONG_OUTPUT_TOKENS) {
            scan.add(PromptSignal.LONG_ANSWER);
        }
        return judge(scan);
    }

    private static long context(ChatRequest request) {
        long characters = request.system().map(String::length).orElse(0);
        for (int i = 0; i < request.messages().size() - 1; i++) {
            characters += request.messages().get(i).text().length();
        }
        return characters;
    }

    private static Classification judge(PromptScan scan) {
        int score = 0;
        List<String> reasons = new ArrayList<>();
        for (PromptSignal signal : PromptSignal.values()) {
            int points = signal.points(scan.count(signal));
            if (points != 0) {
                score += points;
                reasons.add(signal.reason(scan.count(signal)));
            }
        }
        if (reasons.isEmpty()) {
            reasons.add("nothing that asks for more than a short answer");
        }
        return new Classification(complexity(score), Math.max(0, score), reasons);
    }

    private static Complexity complexity(int score) {
        if (score >= PromptSignal.COMPLEX_FROM) {
            return Complexity.COMPLEX;
        }
        return score >= PromptSignal.MEDIUM_FROM ? Complexity.MEDIUM : Complexity.SIMPLE;
    }
}
