namespace PrivateInference.Benchmarks.Rewrites;

/// <summary>The techniques in the order of the document.</summary>
internal static class TechniqueCatalog
{
    public static IReadOnlyList<Technique> All { get; } =
    [
        new(
            "Exact rewrites",
            "The model computes the same function with fewer comparisons. ReLU and max pool commute, so a ReLU after its pool sees a "
                + "quarter of the values; a ReLU moves across skip connections to where it is needed once (ReLU shuffling: Ghodsi et al., "
                + "*CryptoNAS: Private Inference on a ReLU Budget*, section 3.1); neighbouring linear layers merge. The sample model has no skip "
                + "connection and no neighbouring linear layers, so its saving is that of the pools, which the compiler finds without a recipe.",
            ["exact"]),
        new(
            "ReLU pruning",
            "*CryptoNAS*, section 3.1: the ReLUs that skip connections and the layers re-shaping them add are dropped. The sample model has "
                + "none of them; `golden/architectures/cnet*.relu-prune.txt` list what is left of the paper's networks.",
            ["relu-prune"]),
        new(
            "Crypto-oriented architecture",
            "Shafran et al., *Crypto-Oriented Neural Architecture Design*: average pools in the place of max pools and ReLU in that of "
                + "ReLU6 (section 4.2), layers without activation, and partial activation (sections 3 and 4.1): half of the channels keep "
                + "their activation, the first ones, those with the largest weights (Lou et al., *SAFENet*, section 3.1), or those "
                + "where it changes most on sample inputs. The sample model has no ReLU6. "
                + "Recipes that keep the max pools name all layers, as the pass by itself leaves those beside a max pool: the pool compares in any case. Average pools alone save nothing here: a "
                + "ReLU cannot move behind one, and takes as many comparisons before it as max pool and ReLU take together.",
            ["maxpool-to-avgpool", "relu6-to-relu", "remove-activation-first", "partial-activation-first", "partial-activation-importance", "partial-activation-activity", "crypto-oriented"]),
        new(
            "ReLU sharing",
            "Helbitz and Avidan, *Reducing ReLU Count for Privacy-Preserving CNN Speedup*, equations 2 to 4: the activations of a patch, or of a whole "
                + "channel, take the decision of the middle one. Max pools keep their comparisons unless they become average pools, and the pass "
                + "leaves the layers beside one unless it is told which, as these recipes do. Applying a shared decision is a product of secrets for "
                + "each activation, so bytes fall by less than decisions.",
            ["relu-share-2x2", "relu-share-3x3", "relu-share-channel", "relu-share-2x2-avgpool", "relu-share-3x3-avgpool", "relu-share-channel-avgpool"]),
        new(
            "Mixed polynomials",
            "Lou et al., *SAFENet: A Secure, Accurate and Fast Neural Network Inference*, section 3: the less important channels of a layer get "
                + "polynomials, each its own, fitted to sample inputs by least squares; the others keep their ReLU.",
            ["safenet-mixed"]),
        new(
            "Polynomials everywhere",
            "Diaa et al., *Fast and Private Inference of Deep Neural Networks by Co-designing Activation Functions* (PILLAR), section 5: "
                + "polynomials in the place of all activations, average pools in that of max pools, no comparison at all. The paper trains "
                + "with them; here they are fitted to a model that was trained with ReLU. Ring bits hold a polynomial's precision here.",
            ["pillar-degree-2", "pillar-degree-4"]),
    ];
}
