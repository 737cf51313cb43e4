package dev.architect.cluster.shard;

import dev.architect.error.StoreException;
import dev.architect.lane.Lane;
import dev.architect.lane.LaneCount;
import dev.architect.lane.LaneRules;
import dev.architect.lane.LaneScope;
import dev.architect.lane.LaneSettings;
import dev.architect.lane.LaneStore;
import dev.architect.task.TaskState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Lanes over several stores: each of them keeps all settings, in which the others follow the first one, and its limits hold for what it has. Safe for
 * use by several threads.
 */
final class ShardedLanes implements LaneStore {

    private final StoreGroup group;
    private final ShardedNodes nodes;

    private record Place(Lane lane, String type, TaskState state) {}

    ShardedLanes(StoreGroup group, ShardedNodes nodes) {
        this.group = group;
        this.nodes = nodes;
    }

    @Override
    public void save(LaneSettings settings) {
        onFirst(lanes -> {
            lanes.save(settings);
            return true;
        });
        follow(settings.scope());
    }

    /** The first store decides whose change it is. */
    @Override
    public boolean change(LaneSettings settings, LaneSettings expected) {
        boolean isChanged = onFirst(lanes -> lanes.change(settings, expected));
        if (isChanged) {
            follow(settings.scope());
        }
        return isChanged;
    }

    @Override
    public boolean remove(LaneScope scope) {
        boolean isRemoved = onFirst(lanes -> lanes.remove(scope));
        follow(scope);
        return isRemoved;
    }

    private <T> T onFirst(Function<LaneStore, T> call) {
        try {
            return call.apply(group.first().store().lanes());
        } catch (StoreException failure) {
            throw StoreGroup.named(group.first(), failure);
        }
    }

    private void follow(LaneScope scope) {
        group.askAll(member -> {
            if (!member.equals(group.first())) {
                follow(member.store().lanes(), scope);
            }
            return scope;
        });
    }

    /** The last writer reads the first store afterwards, so in the end every store has what that one has. */
    private void follow(LaneStore other, LaneScope scope) {
        Optional<LaneSettings> wanted = ofFirst(scope);
        Optional<LaneSettings> written;
        do {
            written = wanted;
            written.ifPresentOrElse(other::save, () -> other.remove(scope));
            wanted = ofFirst(scope);
        } while (!wanted.equals(written));
    }

    private Optional<LaneSettings> ofFirst(LaneScope scope) {
        return new LaneRules(settings()).of(scope);
    }

    @Override
    public List<LaneSettings> settings() {
        return group.first().store().lanes().settings();
    }

    @Override
    public List<LaneCount> counts() {
        Map<Place, Long> sums = new HashMap<>();
        group.askAny(nodes.answering(), member -> member.store().lanes().counts())
                .values()
                .forEach(part -> part.forEach(each ->
                        sums.merge(new Place(each.lane(), each.type(), each.state()), each.tasks(), Long::sum)));
        return sums.entrySet().stream()
                .map(sum -> new LaneCount(
                        sum.getKey().lane(), sum.getKey().type(), sum.getKey().state(), sum.getValue()))
                .toList();
    }
}
