package dev.architect.router.classification;

import dev.architect.chat.ChatRequest;
import dev.architect.model.Complexity;
import dev.architect.route.Classification;
import dev.architect.route.ComplexitySignal;
import dev.architect.route.ComplexitySignal.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Classifies how complex a request is by counting signals that a person can check: its length and capital letters above all, and what
 * it asks for: design, proof, analysis, reasons, code, a long answer, or mere rewording.
 *
 * <p>The score ranks prompts: one with more points needs a strong model more often. Constraints, numbers, formulas, questions and
 * lists count only in a prompt that asks for a task: in a plain question they are part of its text, which its length measures.
 *
 * <p>The same request always gives the same class. Signals are counts, never text of the prompt. The keywords are English; in
 * other languages length, form and code still count. Of a long turn the beginning and the end are read, {@value #MAX_SCANNED} characters
 * together, so that the time does not grow with the length. Immutable and safe for use by several threads.
 */
public final class PromptClassifier {

    /** The most characters of a turn that are read. */
    static final int MAX_SCANNED = 4 * 1024;

    private static final int LONG_OUTPUT_TOKENS = 2_000;
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final List<Kind> TASKS =
            List.of(Kind.EXPERT, Kind.PROOF, Kind.REASONING, Kind.MATHS, Kind.PROGRAMMING, Kind.LONG_ANSWER, Kind.CODE);
    /** What says something about a task, and nothing in a plain question. */
    private static final Set<Kind> DETAILS =
            EnumSet.of(Kind.CONSTRAINTS, Kind.NUMBERS, Kind.FORMULA, Kind.QUESTIONS, Kind.STEPS, Kind.STRUCTURE);

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
        boolean asksForTask = false;
        for (Kind kind : TASKS) {
            asksForTask |= scan.count(kind) > 0;
        }
        int score = 0;
        int found = 0;
        for (int i = 0; i < KINDS.size(); i++) {
            int points = points(KINDS.get(i), scan, asksForTask);
            score += points;
            found += points == 0 ? 0 : 1;
        }
        // Of the right length at once: a list that grows would be the larger part of what a decision allocates.
        ComplexitySignal[] signals = new ComplexitySignal[found];
        for (int i = KINDS.size() - 1; i >= 0; i--) {
            Kind kind = KINDS.get(i);
            int points = points(kind, scan, asksForTask);
            if (points != 0) {
                signals[--found] = new ComplexitySignal(kind, scan.count(kind), points);
            }
        }
        return new Classification(complexity(score), Math.max(0, score), List.of(signals));
    }

    private static int points(Kind kind, PromptScan scan, boolean asksForTask) {
        return asksForTask || !DETAILS.contains(kind) ? SignalWeight.of(kind).pointsFor(scan.count(kind)) : 0;
    }

    private static Complexity complexity(int score) {
        if (score >= SignalWeight.COMPLEX_FROM) {
            return Complexity.COMPLEX;
        }
        return score >= SignalWeight.MEDIUM_FROM ? Complexity.MEDIUM : Complexity.SIMPLE;
    }
}
