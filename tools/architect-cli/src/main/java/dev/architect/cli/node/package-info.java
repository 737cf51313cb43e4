/** The commands on the nodes that share a store. */
@NullMarked
package dev.architect.cli.node;

import org.jspecify.annotations.NullMarked;
