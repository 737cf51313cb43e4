package dev.architect.benchmarks.failover;

import dev.architect.benchmarks.InvalidOptionException;
import dev.architect.benchmarks.Options;
import dev.architect.benchmarks.failover.server.FaultProfile;
import dev.architect.benchmarks.failover.subject.SubjectKind;
import dev.architect.benchmarks.failover.subject.SubjectSettings;
import dev.architect.benchmarks.failover.wire.WireDialect;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The options of the suite.
 *
 * @param profile how long the faults last
 * @param runs how often each scenario is run
 * @param subjects the clients
 * @param dialects the dialects, by name
 * @param scenarios the scenarios
 * @param settings the rows: comparable, defaults
 * @param parallel how many runs overlap at most
 */
record FailoverOptions(
        FaultProfile profile,
        int runs,
        List<SubjectKind> subjects,
        List<String> dialects,
        List<FailoverScenario> scenarios,
        List<SubjectSettings> settings,
        int parallel) {

    private static final int PARALLEL_FAST = 16;
    private static final int PARALLEL_FULL = 96;

    static FailoverOptions parse(List<String> arguments) {
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put("profile", FaultProfile.FAST.name());
        defaults.put("runs", "20");
        defaults.put("subjects", "all");
        defaults.put("dialects", "all");
        defaults.put("scenarios", "all");
        defaults.put("settings", "all");
        defaults.put("parallel", "0");
        Options options = Options.parse(arguments, defaults);
        String profile = options.oneOf("profile", FaultProfile.FAST.name(), FaultProfile.FULL.name());
        return new FailoverOptions(
                profile.equals(FaultProfile.FAST.name()) ? FaultProfile.FAST : FaultProfile.FULL,
                options.number("runs", 1),
                list(options, "subjects", SubjectKind.ALL, SubjectKind::name),
                list(options, "dialects", WireDialect.ALL, WireDialect::name).stream()
                        .map(WireDialect::name)
                        .toList(),
                scenarios(options),
                list(options, "settings", Arrays.asList(SubjectSettings.values()), SubjectSettings::label),
                parallel(options, profile));
    }

    /** A run waits nearly all of its time: the longer the faults, the more fit beside each other. */
    private static int parallel(Options options, String profile) {
        int stated = options.number("parallel", 0);
        if (stated > 0) {
            return stated;
        }
        return profile.equals(FaultProfile.FULL.name()) ? PARALLEL_FULL : PARALLEL_FAST;
    }

    private static List<FailoverScenario> scenarios(Options options) {
        return switch (options.text("scenarios")) {
            case "all" -> FailoverScenario.PUBLISHED;
            case "further" -> FailoverScenario.FURTHER;
            case "every" -> Arrays.asList(FailoverScenario.values());
            default -> list(options, "scenarios", Arrays.asList(FailoverScenario.values()), Enum::name);
        };
    }

    private static <T> List<T> list(Options options, String name, List<T> all, Function<T, String> nameOf) {
        String value = options.text(name);
        if (value.equals("all")) {
            return all;
        }
        return Arrays.stream(value.split(",", -1))
                .distinct()
                .map(word -> all.stream()
                        .filter(each ->
                                nameOf.apply(each).toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .orElseThrow(() -> new InvalidOptionException("--" + name + " has '" + word
                                + "', expected all or of "
                                + String.join(",", all.stream().map(nameOf).toList()))))
                .toList();
    }

    Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("profile", profile.name());
        map.put("runs", runs);
        map.put("subjects", subjects.stream().map(SubjectKind::name).toList());
        map.put("dialects", dialects);
        map.put("scenarios", scenarios.stream().map(Enum::name).toList());
        map.put("settings", settings.stream().map(SubjectSettings::label).toList());
        map.put("parallel", parallel);
        return map;
    }
}
