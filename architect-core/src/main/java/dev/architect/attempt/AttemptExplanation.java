package dev.architect.attempt;

import dev.architect.check.Check;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where an attempt ran and why: by what was kept of it, not by a second decision.
 *
 * @param epoch which claim of the task it was
 * @param incarnation the run of the node that made it; 0 when it was made before its task moved to another store
 * @param node the name of that node; empty when the store does not have the node any more
 * @param session the session that ran it; empty when it had none, or when that was not recorded: the attempt still runs on another node, or its
 *     node died
 * @param startedAt when it began; empty while it runs on another node
 * @param outcome how it ended; empty while it runs
 * @param basis what decided; empty where the session was not recorded, and of attempts before it was kept
 */
public record AttemptExplanation(
        long epoch,
        long incarnation,
        Optional<String> node,
        String session,
        Optional<Instant> startedAt,
        Optional<AttemptOutcome> outcome,
        Optional<AttemptBasis> basis) {

    /** Checks every field. */
    public AttemptExplanation {
        Check.notNull("node", node);
        Check.notNull("session", session);
        Check.notNull("startedAt", startedAt);
        Check.notNull("outcome", outcome);
        Check.notNull("basis", basis);
    }

    /** Says it in English, a sentence for the node, the session and each request. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        String which = node.map(name -> "Node " + name).orElse("A node that is gone")
                // Incarnations belong to the store that gave them, and a task may have moved since.
                + (incarnation == 0 ? " " : " (incarnation " + incarnation + ") ")
                + outcome.map(end -> "made it: ").orElse("makes it: ");
        sentences.add(which
                + basis.map(known -> known.node().description() + ", with " + others(known.rivals()) + ".")
                        .orElse("the reason was not recorded."));
        sentences.add(
                session.isEmpty()
                        ? "Its session was not recorded" + unrecorded() + "."
                        : "Session " + session + " ran it: "
                                + basis.map(known -> known.session().description())
                                        .orElse("the reason was not recorded")
                                + ".");
        basis.ifPresent(known -> {
            if (known.requests() == 0) {
                sentences.add("It made no request.");
            } else if (known.requests() > known.routes().size()) {
                sentences.add("It made " + known.requests() + " requests; the last "
                        + known.routes().size() + ":");
            }
            known.routes().forEach(route -> sentences.add(sentence(route)));
        });
        return sentences;
    }

    private String unrecorded() {
        return outcome.map(end -> switch (end) {
                    case LOST -> ": its node died";
                    case HANDED_BACK -> ": it had not begun";
                    default -> "";
                })
                .orElse(": it runs on another node");
    }

    private static String others(int rivals) {
        return rivals == 1 ? "1 other that performs such tasks" : rivals + " others that perform such tasks";
    }

    private static String sentence(RouteChoice route) {
        StringBuilder text = new StringBuilder("Request");
        route.requestId().ifPresent(id -> text.append(' ').append(id));
        text.append(route.reused()
                .map(model -> " was given an earlier answer of " + model)
                .orElseGet(() -> route.answeredBy()
                        .map(model -> " was answered by " + model)
                        .orElse(" was not answered")));
        if (!route.candidates().isEmpty()) {
            text.append("; candidates: ")
                    .append(joined(route.candidates().stream()
                            .map(each ->
                                    each.model() + " (" + word(each.reason()) + ", quality " + each.quality() + ")")
                            .toList()));
        }
        List<String> failed = route.calls().stream()
                .filter(call -> call.failure().isPresent())
                .map(call -> call.model() + " ("
                        + call.failure().map(AttemptExplanation::word).orElse("") + ")")
                .toList();
        if (!failed.isEmpty()) {
            text.append("; failed before: ").append(joined(failed));
        }
        if (!route.skipped().isEmpty()) {
            text.append("; skipped: ")
                    .append(joined(route.skipped().stream()
                            .map(each -> each.model() + " (" + word(each.reason()) + ")")
                            .toList()));
        }
        return text.append('.').toString();
    }

    private static String joined(List<String> parts) {
        return parts.stream().collect(Collectors.joining(", "));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
