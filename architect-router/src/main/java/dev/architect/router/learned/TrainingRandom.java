package dev.architect.router.learned;

/** Random numbers that are the same on every JVM (SplitMix64; G. Steele et al., OOPSLA 2014). Not safe for use by several threads. */
public final class TrainingRandom {

    private long state;

    /** Creates numbers that depend on the seed alone. */
    public TrainingRandom(long seed) {
        this.state = seed;
    }

    long next() {
        state += 0x9e3779b97f4a7c15L;
        long mixed = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /** Returns a number from 0 to just before {@code bound}, which is more than zero. */
    public int below(int bound) {
        return (int) (((next() >>> 32) * bound) >>> 32);
    }

    /** Puts the numbers in a random order. */
    public void shuffle(int[] numbers) {
        for (int i = numbers.length - 1; i > 0; i--) {
            int other = below(i + 1);
            int kept = numbers[i];
            numbers[i] = numbers[other];
            numbers[other] = kept;
        }
    }
}
