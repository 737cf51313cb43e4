package dev.architect.benchmarks.gateway;

/**
 * A figure beside what it is to reach.
 *
 * @param name which figure
 * @param seen what was measured
 * @param bound what it is to reach
 * @param isAtLeast whether more is better
 */
record GatewayTarget(String name, double seen, double bound, boolean isAtLeast) {

    static GatewayTarget atLeast(String name, double seen, double bound) {
        return new GatewayTarget(name, seen, bound, true);
    }

    static GatewayTarget atMost(String name, double seen, double bound) {
        return new GatewayTarget(name, seen, bound, false);
    }

    boolean isMet() {
        return isAtLeast ? seen >= bound : seen <= bound;
    }
}
