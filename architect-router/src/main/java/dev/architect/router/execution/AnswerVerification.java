package dev.architect.router.execution;

import dev.architect.answer.AnswerChecker;
import dev.architect.chat.ChatRequest;
import dev.architect.error.DidYouMean;
import dev.architect.model.Complexity;
import dev.architect.route.UnservableRequestException;
import dev.architect.router.planning.RoutePlan;
import dev.architect.router.policy.RoutingPolicy;
import dev.architect.router.policy.VerificationSettings;
import dev.architect.spi.RoutingContext;
import dev.architect.spi.TimeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which checkers look at the answers of a request: those that it names and those of the policy. Safe for use by several threads. */
final class AnswerVerification {

    private final VerificationSettings settings;
    private final Map<String, AnswerChecker> checkers;
    private final TimeSource time;

    /**
     * Creates the verification of one policy.
     *
     * @param checkers the checkers by name
     * @throws IllegalArgumentException when the policy names one that is not among them
     */
    AnswerVerification(RoutingPolicy policy, Map<String, AnswerChecker> checkers, TimeSource time) {
        this.settings = policy.verification();
        this.checkers = Map.copyOf(checkers);
        this.time = time;
        for (VerificationSettings.Rule rule : settings.rules()) {
            if (!checkers.containsKey(rule.checker())) {
                throw new IllegalArgumentException("verification names the checker '" + rule.checker() + "', expected "
                        + (checkers.isEmpty() ? "none: the router has no checkers" : "one of " + names()));
            }
        }
    }

    private Set<String> names() {
        return new TreeSet<>(checkers.keySet());
    }

    /**
     * Refuses a request that names a checker which the router does not have.
     *
     * @throws UnservableRequestException when it does
     */
    void check(ChatRequest request) {
        for (String name : request.accepted().checks()) {
            if (!checkers.containsKey(name)) {
                Optional<String> near = DidYouMean.of(name, names());
                throw new UnservableRequestException(
                        "accepted.checks",
                        name,
                        near.orElse(null),
                        "which no checker of the router is called, "
                                + near.map(known -> "did you mean '" + known + "'?")
                                        .orElse(
                                                checkers.isEmpty()
                                                        ? "and there are none"
                                                        : "expected one of " + String.join(", ", names())));
            }
        }
    }

    /** Begins the verification of one request; {@link RequestVerification#NONE} when its answers are not checked. */
    RequestVerification begin(ChatRequest request, RoutingContext routing, RoutePlan plan) {
        Set<String> asked = request.accepted().checks();
        Optional<AnswerChecker> learned = plan.answerCheck();
        if (asked.isEmpty() && settings.rules().isEmpty() && learned.isEmpty()) {
            return RequestVerification.NONE;
        }
        Map<String, AnswerChecker> chosen = new LinkedHashMap<>();
        Complexity complexity = plan.complexity();
        for (VerificationSettings.Rule rule : settings.rules()) {
            if (rule.appliesTo(complexity, routing.scope().attribution().tags())) {
                add(rule.checker(), chosen);
            }
        }
        asked.forEach(name -> add(name, chosen));
        List<AnswerChecker> all = new ArrayList<>(chosen.values());
        learned.ifPresent(all::add);
        return all.isEmpty() ? RequestVerification.NONE : new RequestVerification(settings, List.copyOf(all), time);
    }

    private void add(String name, Map<String, AnswerChecker> chosen) {
        AnswerChecker checker = checkers.get(name);
        // A request whose checker is unknown was refused before, unless its caller passed over that.
        if (checker != null) {
            chosen.put(name, checker);
        }
    }
}
