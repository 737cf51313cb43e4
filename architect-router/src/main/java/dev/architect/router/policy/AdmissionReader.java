package dev.architect.router.policy;

import dev.architect.error.DidYouMean;
import dev.architect.model.ModelId;
import dev.architect.router.yaml.YamlObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the parts of a policy that hold calls back: quotas and throttling. */
final class AdmissionReader {

    /** More rules would be looked at by each request. */
    private static final int MOST_RULES = 200;

    private AdmissionReader() {}

    /** Reads {@code quotas}; a provider or a model that is none of {@code models} is a mistake. */
    static List<QuotaRule> quotas(YamlObject root, List<ModelPolicy> models) {
        List<QuotaRule> rules = new ArrayList<>();
        List<YamlObject> objects = root.objects("quotas");
        if (objects.size() > MOST_RULES) {
            root.problem("quotas", "has " + objects.size() + " entries, expected 0.." + MOST_RULES);
        }
        for (YamlObject object : objects) {
            rule(object).ifPresent(rule -> {
                checkKnown(object, rule, models);
                rules.add(rule);
            });
        }
        return rules;
    }

    private static void checkKnown(YamlObject given, QuotaRule rule, List<ModelPolicy> models) {
        Set<String> known = new TreeSet<>();
        switch (rule.subject()) {
            case PROVIDER -> models.forEach(model -> known.add(model.id().provider()));
            case MODEL -> models.forEach(model -> known.add(model.id().toString()));
            case PROJECT, USER, TAG -> known.add(rule.name());
        }
        if (!known.contains(rule.name())) {
            given.problem(
                    field(rule.subject()),
                    "is '" + rule.name() + "', "
                            + DidYouMean.of(rule.name(), known)
                                    .map(near -> "did you mean '" + near + "'?")
                                    .orElse("expected one of the models"));
        }
    }

    private static Optional<QuotaRule> rule(YamlObject given) {
        List<String> known = new ArrayList<>();
        QuotaRule.Subject subject = null;
        int subjects = 0;
        for (QuotaRule.Subject each : QuotaRule.Subject.values()) {
            String field = field(each);
            known.add(field);
            if (given.has(field)) {
                subject = each;
                subjects++;
            }
        }
        String expected = String.join(", ", known);
        for (QuotaUnit unit : QuotaUnit.values()) {
            known.add(unit.field());
        }
        known.add("period");
        given.allowOnly(known);
        if (subject == null || subjects > 1) {
            given.problem(
                    subject == null ? "provider" : field(subject),
                    "is one of " + subjects + " subjects of a quota, expected exactly one of " + expected);
            return Optional.empty();
        }
        Optional<String> name = name(given, subject);
        Duration period = given.duration("period", QuotaRule.SHORTEST, PolicyChecks.LONGEST)
                .orElse(QuotaRule.MINUTE);
        Map<QuotaUnit, Long> limits = limits(given);
        if (limits.isEmpty()) {
            given.problem(
                    "requests", "is missing, expected requests, tokens, inputTokens, outputTokens or maxConcurrent");
        }
        return name.isEmpty() || limits.isEmpty()
                ? Optional.empty()
                : Optional.of(new QuotaRule(subject, name.get(), period, limits));
    }

    private static String field(QuotaRule.Subject subject) {
        return subject.name().toLowerCase(Locale.ROOT);
    }

    private static Optional<String> name(YamlObject given, QuotaRule.Subject subject) {
        return switch (subject) {
            case MODEL ->
                given.text(
                        "model", "provider/model", text -> ModelId.parse(text).toString());
            case TAG -> given.text("tag", "name=value or name=*", text -> text.indexOf('=') < 1 ? null : text);
            case PROVIDER, PROJECT, USER -> given.text(field(subject));
        };
    }

    private static Map<QuotaUnit, Long> limits(YamlObject given) {
        Map<QuotaUnit, Long> limits = new EnumMap<>(QuotaUnit.class);
        for (QuotaUnit unit : QuotaUnit.values()) {
            given.text(unit.field(), "1.." + QuotaRule.MOST, AdmissionReader::amount)
                    .ifPresent(limit -> limits.put(unit, limit));
        }
        return limits;
    }

    private static @Nullable Long amount(String text) {
        long value = text.matches("[0-9]{1,13}") ? Long.parseLong(text) : 0;
        return value < 1 || value > QuotaRule.MOST ? null : (Long) value;
    }

    static ThrottleSettings throttling(YamlObject root) {
        ThrottleSettings usual = ThrottleSettings.STANDARD;
        Optional<YamlObject> object = root.object("throttling");
        if (object.isEmpty()) {
            return usual;
        }
        YamlObject given =
                object.get().allowOnly(List.of("enabled", "multiplier", "window", "minimumCalls", "reservePercent"));
        return new ThrottleSettings(
                given.bool("enabled").orElse(usual.isEnabled()),
                given.integer("multiplier", 1, ThrottleSettings.MOST_MULTIPLIER).orElse(usual.multiplier()),
                given.duration("window", PolicyChecks.SHORTEST, PolicyChecks.LONGEST)
                        .orElse(usual.window()),
                given.integer("minimumCalls", 1, ThrottleSettings.MOST_CALLS).orElse(usual.minimumCalls()),
                given.integer("reservePercent", 0, ThrottleSettings.MOST_RESERVE)
                        .orElse(usual.reservePercent()));
    }
}
