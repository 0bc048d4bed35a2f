using PrivateInference.IR;
using PrivateInference.IR.Operations;
using PrivateInference.Passes.Architectures;

namespace PrivateInference.Passes.Tests.Architectures;

/// <summary>
/// MobileNetV2 as "Crypto-Oriented Neural Architecture Design", sections 4.1 and 4.2, rewrites it: of the two activations of an inverted
/// residual the first is removed and the second halved, and ReLU takes the place of ReLU6.
/// </summary>
public sealed class MobileNetRecipe
{
    /// <summary>
    /// A block that decided twice on each of its E expanded and D depthwise values decides once on half of the D. The stem
    /// and the last convolution are no part of a block, and lose one of their two bounds.
    /// </summary>
    [Fact]
    public void Sign_decisions_fall_by_the_factor_that_the_blocks_imply()
    {
        Graph original = PassPipeline.Canonicalize(ArchitectureCatalog.Create("mobilenetv2"));
        Node[] activations = [.. original.Nodes.Where(n => n.Operation is Clip)];
        PassManager manager = new([.. ArchitectureRecipe.CryptoOriented.Select(PassRequest.Parse).Select(r => PassRegistry.Default.Create(r.Name, r.Parameters))], verify: true);

        Graph rewritten = manager.Run(original, PassContext.Default).Graph;

        long expanded = Elements(".expand.relu6"), depthwise = Elements(".depthwise.relu6"), outside = Elements("conv1.relu6") + Elements("conv2.relu6");
        Assert.Equal(3_004_416, SignDecisions.Count(original));
        Assert.Equal(2 * (expanded + depthwise + outside), SignDecisions.Count(original));
        Assert.Equal((depthwise / 2) + outside, SignDecisions.Count(rewritten));

        long Elements(string layer) => activations.Where(n => n.Name.EndsWith(layer, StringComparison.Ordinal)).Sum(n => (long)n.Output.Shape.Count);
    }
}
