package org.definetti.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BlockKernelTest {

  private static final BlockShape SHAPE = BlockShape.of(16, 4);

  @Test
  void memoryGrowsLinearlyWithLength() {
    long[] memory = new long[4];
    for (int i = 0; i < memory.length; i++) {
      memory[i] = BlockKernels.plain().make(SHAPE, 1, 512 << i).get(0).memory();
    }
    // Exactly affine: each doubling adds twice what the one before added.
    assertEquals(2 * (memory[1] - memory[0]), memory[2] - memory[1]);
    assertEquals(2 * (memory[2] - memory[1]), memory[3] - memory[2]);
    // Far below the 4 heads of 4096² scores.
    assertTrue(memory[3] < 4096L * 4096L, "numbers held: " + memory[3]);
  }

  @Test
  void makesOneKernelForEachBlock() {
    List<BlockKernel> kernels = BlockKernels.plain().make(SHAPE, 3, 7);
    assertEquals(3, kernels.size());
    assertEquals(SHAPE, kernels.get(2).shape());
    assertEquals(7, kernels.get(2).maxLength());
    assertThrows(IllegalArgumentException.class, () -> BlockKernels.plain().make(SHAPE, 1, 0));
  }

  @Test
  void shapesListParametersAsPyTorchPacksThem() {
    List<String> names = SHAPE.parameters("").stream().map(ParameterShape::name).toList();
    assertEquals(
        List.of("query.map", "key.map", "value.map", "query.bias", "key.bias", "value.bias"),
        names.subList(0, 6));
    // PyTorch's encoder layer of d = 16, h = 64: 4 (d² + d) + 2 d h + h + d + 4 d.
    assertEquals(4 * (256 + 16) + 2 * 16 * 64 + 64 + 16 + 64, SHAPE.parameterCount());
    assertEquals(3 * 256, SHAPE.offset("query.bias"));
    assertEquals(-1, SHAPE.offset("null.logit"));
    assertEquals(3 * 256 + 3 * 16, SHAPE.withNullToken().offset("null.logit"));
    assertEquals(-1, SHAPE.withRmsNorm().offset("mlp.norm.bias"));
    assertThrows(IllegalArgumentException.class, () -> BlockShape.of(6, 4));
  }
}
