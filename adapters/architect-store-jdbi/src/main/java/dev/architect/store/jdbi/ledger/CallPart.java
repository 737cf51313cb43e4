package dev.architect.store.jdbi.ledger;

import java.util.Arrays;

/** What of a call is to be added to the sums; kept by number. */
enum CallPart {
    /** All of it. */
    WHOLE(0),
    /** That its answer was accepted, when its attempt has succeeded: the rest has been added. */
    ACCEPTANCE(1),
    /** That it replaced a failed call, which was recorded after this one had been added. */
    FAILOVER(2);

    private final int number;

    CallPart(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    static CallPart of(int number) {
        return Arrays.stream(values())
                .filter(part -> part.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("part is " + number + ", expected 0..2"));
    }
}
