package dev.architect.router.policy;

import dev.architect.chat.ChatListener.Delivery;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which answers are checked before they are returned, and how far a rejected one is replaced by one of a better model. A request may
 * name further checkers ({@link dev.architect.chat.AcceptedAnswers#checkedBy}).
 *
 * @param rules who checks what; empty when only requests ask for checks
 * @param delivery what a listener sees of an answer that is checked
 * @param maxSpend the most that all calls of a request may cost before and with a further one, which is estimated; empty for no
 *     limit. A model without a known price is not asked when there is one
 * @param escalations how often a request may go on to a better model, 0 to 10
 */
public record VerificationSettings(List<Rule> rules, Delivery delivery, Optional<Money> maxSpend, int escalations) {

    static final int MAX_ESCALATIONS = 10;

    /** Nothing is checked unless a request asks for it; two better models are asked, and a listener gets what was accepted. */
    public static final VerificationSettings STANDARD =
            new VerificationSettings(List.of(), Delivery.BUFFERED, Optional.empty(), 2);

    /** Copies the rules and checks the numbers. */
    public VerificationSettings {
        rules = List.copyOf(rules);
        PolicyChecks.range("escalations", escalations, 0, MAX_ESCALATIONS);
    }

    /**
     * Who checks what.
     *
     * @param checker the name under which the router knows the checker
     * @param complexities the prompts whose answers it checks; empty for all
     * @param tags the tags that the request must have, all of them; empty for any
     */
    public record Rule(String checker, Set<Complexity> complexities, Map<String, String> tags) {

        static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

        /** Copies the collections and checks the name. */
        public Rule {
            if (!NAME.matcher(checker).matches()) {
                throw new IllegalArgumentException(
                        "checker is '" + checker + "', expected 1 to 64 lower-case letters, digits and dashes");
            }
            // In one order, so that equal policies look the same in every process.
            complexities = Collections.unmodifiableSet(new TreeSet<>(complexities));
            tags = Collections.unmodifiableMap(new TreeMap<>(tags));
        }

        /** Returns a rule for every answer. */
        public static Rule always(String checker) {
            return new Rule(checker, Set.of(), Map.of());
        }

        /** Whether it is about such a request. */
        public boolean appliesTo(Complexity complexity, Map<String, String> given) {
            return (complexities.isEmpty() || complexities.contains(complexity))
                    && (tags.isEmpty() || given.entrySet().containsAll(tags.entrySet()));
        }
    }
}
