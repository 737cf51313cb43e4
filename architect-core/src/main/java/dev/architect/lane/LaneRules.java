package dev.architect.lane;

import dev.architect.check.Check;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** All settings of a store at a moment, as they apply to lanes. Immutable. */
public final class LaneRules {

    /** Without any settings. */
    public static final LaneRules NONE = new LaneRules(List.of());

    private final Map<LaneScope, LaneSettings> byScope = new HashMap<>();
    private final boolean hasBounds;

    /** Creates the rules from settings of which each has a scope of its own. */
    public LaneRules(Collection<LaneSettings> settings) {
        Check.noNulls("settings", settings).forEach(each -> byScope.put(each.scope(), each));
        hasBounds = settings.stream().anyMatch(LaneSettings::isBounded);
    }

    /** The settings of a scope; empty when it has none. */
    public Optional<LaneSettings> of(LaneScope scope) {
        return Optional.ofNullable(byScope.get(Check.notNull("scope", scope)));
    }

    /** The settings that apply to a lane, that of its queue first. */
    public List<LaneSettings> of(Lane lane) {
        if (byScope.isEmpty()) {
            return List.of();
        }
        return Stream.of(LaneScope.of(lane.queue()), LaneScope.of(lane.queue(), lane.tenant()))
                .flatMap(scope -> of(scope).stream())
                .toList();
    }

    /** The part of the session time that a lane gets, 1 to 1,000,000. */
    public int weight(Lane lane) {
        return of(lane).stream().mapToInt(LaneSettings::weight).reduce(1, (one, other) -> one * other);
    }

    /** Whether nothing of a lane is to be started. */
    public boolean isPaused(Lane lane) {
        return of(lane).stream().anyMatch(LaneSettings::isPaused);
    }

    /** Whether a lane takes no further tasks. */
    public boolean isDraining(Lane lane) {
        return of(lane).stream().anyMatch(LaneSettings::isDraining);
    }

    /** Whether a claim from a lane has to count what runs or has started lately. */
    public boolean isLimited(Lane lane) {
        return of(lane).stream().anyMatch(LaneSettings::isLimited);
    }

    /** Whether any scope may refuse further tasks. */
    public boolean hasBounds() {
        return hasBounds;
    }

    /** Whether there are no settings. */
    public boolean isEmpty() {
        return byScope.isEmpty();
    }
}
