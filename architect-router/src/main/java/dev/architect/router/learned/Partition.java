package dev.architect.router.learned;

/** Divides the rows of a node. */
final class Partition {

    private Partition() {}

    /** Puts the rows of {@code order} up to the bin first, in their order, and returns where the others start. */
    static int divide(int[] order, int[] space, int from, int to, byte[] bins, int bin) {
        int left = from;
        int right = 0;
        for (int i = from; i < to; i++) {
            int row = order[i];
            if (bins[row] <= bin) {
                order[left++] = row;
            } else {
                space[right++] = row;
            }
        }
        System.arraycopy(space, 0, order, left, right);
        return left;
    }
}
