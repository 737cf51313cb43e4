/** Nodes: what the store knows about each, the roles that one of them holds, and what all of them share. */
@NullMarked
package dev.architect.node;

import org.jspecify.annotations.NullMarked;
