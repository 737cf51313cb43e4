package dev.architect.router.classification;

import dev.architect.chat.ChatRequest;
import dev.architect.model.Complexity;
import dev.architect.route.Classification;
import dev.architect.route.ComplexitySignal;
import dev.architect.route.ComplexitySignal.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Classifies how complex a request is by counting signals that a person can check: length, questions, steps, constraints, code,
 * numbers, and words that ask for design, proof, analysis or a long answer.
 *
 * <p>The same request always gives the same class. Signals are counts, never text of the prompt. The keywords are English; in
 * other languages length, form, numbers and code still count. Of a very long turn the beginning and the end are read,
 * {@value #MAX_SCANNED} characters together. Immutable and safe for use by several threads.
 */
public final class PromptClassifier {

    /** The most characters of a turn that are read. */
    static final int MAX_SCANNED = 64 * 1024;

    private static final int LONG_OUTPUT_TOKENS = 2_000;
    private static final List<Kind> KINDS = List.of(Kind.values());

    /** Creates a classifier. */
    public PromptClassifier() {}

    /** Returns the class of {@code request} with the signals behind it. */
    public Classification classify(ChatRequest request) {
        String prompt = request.prompt();
        PromptScan scan = new PromptScan();
        if (prompt.length() <= MAX_SCANNED) {
            scan.scan(prompt, 0, prompt.length());
        } else {
            // The task usually stands before or behind a long text, so the middle is skipped.
            scan.scan(prompt, 0, MAX_SCANNED / 2);
            scan.scan(prompt, prompt.length() - MAX_SCANNED / 2, prompt.length());
        }
        // The true length, also where only a part was scanned.
        scan.set(Kind.LENGTH, prompt.length());
        scan.set(Kind.TURNS, request.messages().size() - 1L);
        scan.set(Kind.CONTEXT, context(request));
        if (request.generation().maxOutputTokens().orElse(0) >= LONG_OUTPUT_TOKENS) {
            scan.add(Kind.LONG_ANSWER);
        }
        return classify(scan);
    }

    private static long context(ChatRequest request) {
        long characters = request.system().map(String::length).orElse(0);
        for (int i = 0; i < request.messages().size() - 1; i++) {
            characters += request.messages().get(i).text().length();
        }
        return characters;
    }

    private static Classification classify(PromptScan scan) {
        int score = 0;
        List<ComplexitySignal> signals = new ArrayList<>();
        for (Kind kind : KINDS) {
            long count = scan.count(kind);
            int points = SignalWeight.of(kind).pointsFor(count);
            if (points != 0) {
                score += points;
                signals.add(new ComplexitySignal(kind, count, points));
            }
        }
        return new Classification(complexity(score), Math.max(0, score), signals);
    }

    private static Complexity complexity(int score) {
        if (score >= SignalWeight.COMPLEX_FROM) {
            return Complexity.COMPLEX;
        }
        return score >= SignalWeight.MEDIUM_FROM ? Complexity.MEDIUM : Complexity.SIMPLE;
    }
}
