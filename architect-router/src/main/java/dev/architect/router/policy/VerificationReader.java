package dev.architect.router.policy;

import dev.architect.chat.ChatListener.Delivery;
import dev.architect.cost.Money;
import dev.architect.model.Complexity;
import dev.architect.router.yaml.YamlObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which answers are checked. */
final class VerificationReader {

    /** More would not be a limit of one request. */
    private static final BigDecimal MOST_USD = BigDecimal.valueOf(1_000_000);

    private static final int MOST_DECIMALS = 12;

    private VerificationReader() {}

    static VerificationSettings read(YamlObject root) {
        VerificationSettings usual = VerificationSettings.STANDARD;
        Optional<YamlObject> object = root.object("verification");
        if (object.isEmpty()) {
            return usual;
        }
        YamlObject given = object.get().allowOnly(List.of("checks", "delivery", "maxSpend", "escalations"));
        List<VerificationSettings.Rule> rules = new ArrayList<>();
        for (YamlObject rule : given.objects("checks")) {
            rule(rule).ifPresent(rules::add);
        }
        return new VerificationSettings(
                rules,
                given.text("delivery", "buffered or live", VerificationReader::delivery)
                        .orElse(usual.delivery()),
                maxSpend(given),
                given.integer("escalations", 0, VerificationSettings.MAX_ESCALATIONS)
                        .orElse(usual.escalations()));
    }

    private static Optional<VerificationSettings.Rule> rule(YamlObject given) {
        given.allowOnly(List.of("checker", "complexity", "tags")).require("checker", "the name of a checker");
        Optional<String> checker = given.text(
                "checker",
                "1 to 64 lower-case letters, digits and dashes",
                text -> VerificationSettings.Rule.NAME.matcher(text).matches() ? text : null);
        Set<Complexity> complexities = EnumSet.noneOf(Complexity.class);
        complexities.addAll(given.list("complexity", "simple, medium or complex", VerificationReader::complexity));
        return checker.map(name -> new VerificationSettings.Rule(name, Set.copyOf(complexities), given.texts("tags")));
    }

    private static Complexity complexity(String word) {
        return Complexity.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static @Nullable Delivery delivery(String word) {
        return switch (word) {
            case "buffered" -> Delivery.BUFFERED;
            case "live" -> Delivery.LIVE;
            default -> null;
        };
    }

    private static Optional<Money> maxSpend(YamlObject given) {
        Optional<BigDecimal> usd = given.amount("maxSpend");
        if (usd.filter(amount -> amount.compareTo(MOST_USD) > 0
                        || amount.stripTrailingZeros().scale() > MOST_DECIMALS)
                .isPresent()) {
            given.problem(
                    "maxSpend",
                    "is " + usd.get() + ", expected dollars up to " + MOST_USD + " with " + MOST_DECIMALS
                            + " decimals at most");
            return Optional.empty();
        }
        return usd.map(amount -> Money.ofUsd(amount.toPlainString()));
    }
}
