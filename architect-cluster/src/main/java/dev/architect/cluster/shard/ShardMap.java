package dev.architect.cluster.shard;

import dev.architect.json.JsonFields;
import dev.architect.json.JsonText;
import dev.architect.shard.ShardStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which store has which shard: a document that all nodes share, in the first store of the group. Immutable.
 *
 * @param version of the document; 0 for one that is not written yet
 * @param stores the identities of the stores by name, in the order of their numbers
 * @param places the place of each shard, in order
 * @param moves those that are not over, by shard
 */
record ShardMap(long version, Map<String, String> stores, List<Place> places, Map<Integer, ShardMove> moves) {

    /** The name of the document. */
    static final String DOCUMENT = "shards";

    private static final int MOST = Integer.MAX_VALUE;

    /** Before the document is written. */
    static final ShardMap NONE = new ShardMap(0, Map.of(), List.of(), Map.of());

    /** The number of the store that has a shard, and since which epoch. */
    record Place(int store, long epoch) {}

    ShardMap {
        stores = Collections.unmodifiableMap(new LinkedHashMap<>(stores));
        places = List.copyOf(places);
        moves = Collections.unmodifiableMap(new TreeMap<>(moves));
    }

    /** A group of one store, which has everything. */
    static ShardMap of(String name, String identity) {
        return new ShardMap(
                0, Map.of(name, identity), Collections.nCopies(ShardStore.SHARDS, new Place(0, 1)), Map.of());
    }

    ShardMap withStore(String name, String identity) {
        Map<String, String> more = new LinkedHashMap<>(stores);
        more.put(name, identity);
        return new ShardMap(version, more, places, moves);
    }

    ShardMap withPlace(int shard, Place place) {
        List<Place> changed = new ArrayList<>(places);
        changed.set(shard, place);
        return new ShardMap(version, stores, changed, moves);
    }

    ShardMap withMove(ShardMove move) {
        Map<Integer, ShardMove> more = new TreeMap<>(moves);
        more.put(move.shard(), move);
        return new ShardMap(version, stores, places, more);
    }

    ShardMap withoutMove(int shard) {
        Map<Integer, ShardMove> fewer = new TreeMap<>(moves);
        fewer.remove(shard);
        return new ShardMap(version, stores, places, fewer);
    }

    ShardMap at(long newVersion) {
        return new ShardMap(newVersion, stores, places, moves);
    }

    Place place(int shard) {
        return places.get(shard);
    }

    Optional<ShardMove> move(int shard) {
        return Optional.ofNullable(moves.get(shard));
    }

    /** The number of a store, -1 when there is none of that name. */
    int number(String name) {
        return List.copyOf(stores.keySet()).indexOf(name);
    }

    String name(int number) {
        return List.copyOf(stores.keySet()).get(number);
    }

    String text() {
        List<Map<String, Object>> named = new ArrayList<>();
        stores.forEach((name, identity) -> named.add(Map.of("name", name, "id", identity)));
        List<Map<String, Object>> moved = new ArrayList<>();
        for (int shard = 0; shard < places.size(); shard++) {
            Place place = places.get(shard);
            // Most are where they were in the beginning.
            if (place.store() != 0 || place.epoch() != 1) {
                moved.add(Map.of("shard", shard, "store", place.store(), "epoch", place.epoch()));
            }
        }
        List<Map<String, Object>> moving = new ArrayList<>();
        moves.values()
                .forEach(move -> moving.add(Map.of(
                        "shard", move.shard(),
                        "from", move.from(),
                        "to", move.to(),
                        "epoch", move.epoch(),
                        "step", move.step().name())));
        return JsonText.write(Map.of("stores", named, "places", moved, "moves", moving));
    }

    static ShardMap parse(long version, String text) {
        JsonFields fields = JsonFields.parse(text);
        Map<String, String> stores = new LinkedHashMap<>();
        fields.objects("stores").forEach(store -> stores.put(store.requiredText("name"), store.requiredText("id")));
        List<Place> places = new ArrayList<>(Collections.nCopies(ShardStore.SHARDS, new Place(0, 1)));
        fields.objects("places").forEach(place -> {
            places.set(number(place, "shard"), new Place(number(place, "store"), number(place, "epoch")));
        });
        Map<Integer, ShardMove> moves = new TreeMap<>();
        fields.objects("moves").forEach(move -> {
            int shard = number(move, "shard");
            moves.put(
                    shard,
                    new ShardMove(
                            shard,
                            number(move, "from"),
                            number(move, "to"),
                            number(move, "epoch"),
                            ShardMove.Step.valueOf(move.requiredText("step"))));
        });
        return new ShardMap(version, stores, places, moves);
    }

    private static int number(JsonFields fields, String name) {
        return fields.integer(name, 0, MOST).orElseThrow(() -> fields.missing(name, "a number"));
    }
}
