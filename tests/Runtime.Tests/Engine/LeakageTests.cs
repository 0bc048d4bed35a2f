using System.Security.Cryptography;
using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;

namespace PrivateInference.Runtime.Tests.Engine;

/// <summary>No private number appears in the plan or in recorded traffic, in any form. TLS is not even needed for that.</summary>
public sealed class LeakageTests
{
    private static readonly Secret[] s_weights =
    [
        .. SecretPlan.Weights.Tensors.Select((t, i) => new Secret(
            t.Name, t.Elements, i == 0 ? SecretPlan.WeightScale : SecretPlan.InputScale * SecretPlan.WeightScale, SecretPlan.RingBits)),
    ];

    private static readonly Secret s_input = new(
        "input", [.. SecretPlan.Input.Select(x => (long)(x * SecretPlan.InputScale))], SecretPlan.InputScale, SecretPlan.RingBits);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Weights_appear_neither_in_the_plan_nor_in_any_message(bool dealt)
    {
        (byte[] client, byte[] server) = Record(runs: 3, dealt);
        byte[] plan = PlanSerializer.Write(SecretPlan.Plan);
        foreach (Secret weights in s_weights)
        {
            Assert.Null(weights.FindIn(plan));
            Assert.Null(weights.FindIn(client));
            Assert.Null(weights.FindIn(server));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Inputs_activations_and_results_appear_in_no_message(bool dealt)
    {
        (byte[] client, byte[] server) = Record(runs: 3, dealt);
        foreach (Secret secret in Activations().Append(s_input))
        {
            Assert.Null(secret.FindIn(client));
            Assert.Null(secret.FindIn(server));
        }
    }

    [Fact]
    public void The_search_finds_each_form_of_each_secret_wherever_it_lies()
    {
        foreach (Secret secret in Activations().Concat(s_weights).Append(s_input))
        {
            foreach ((string form, byte[] bytes) in secret.Forms)
            {
                byte[] haystack = RandomNumberGenerator.GetBytes(10_000);
                bytes.CopyTo(haystack, 4321);
                Assert.True(secret.FindIn(haystack) is not null, form);
            }
        }
    }

    [Fact]
    public void The_search_finds_weights_in_the_weight_file_and_an_input_that_is_not_masked()
    {
        byte[] file = WeightsSerializer.Write(SecretPlan.Weights);
        Assert.Equal(
            (IEnumerable<string?>)["kernel as packed integers", "bias as packed integers", "constant as packed integers"],
            s_weights.Select(w => w.FindIn(file)));

        PlanValue value = SecretPlan.Plan.Values[0];
        ulong[] words = new ulong[value.Count];
        FixedPointEncoding.Encode(value, new Ring(SecretPlan.RingBits), SecretPlan.Input, words);
        byte[] unmasked = PackedBits.Pack(words, SecretPlan.RingBits);
        Assert.Equal("input as packed ring elements", s_input.FindIn(unmasked));
    }

    private static (byte[] Client, byte[] Server) Record(int runs, bool dealt)
    {
        using SessionPair pair = dealt ? SessionPair.OpenDealt(SecretPlan.Plan, SecretPlan.Weights) : SessionPair.Open(SecretPlan.Plan, SecretPlan.Weights);
        DecodedOutput expected = new FixedPointInterpreter(SecretPlan.Plan, SecretPlan.Weights).Infer(SecretPlan.Input);
        for (int run = 0; run < runs; run++)
        {
            InferenceResult result = pair.Client.Infer(SecretPlan.Input);
            Assert.Equal((IEnumerable<float>)expected.Elements, result.Output);
        }

        return (pair.ClientTranscript, dealt ? [.. pair.ServerTranscript, .. pair.DealerTranscript] : pair.ServerTranscript);
    }

    private static List<Secret> Activations()
    {
        List<Secret> activations = [];
        Ring ring = new(SecretPlan.RingBits);
        new FixedPointInterpreter(SecretPlan.Plan, SecretPlan.Weights).Infer(SecretPlan.Input, (step, words) =>
        {
            List<long> integers = [];
            foreach (ulong word in words)
                integers.Add(ring.ToSigned(word));
            activations.Add(new Secret(step.Name, integers, SecretPlan.Plan.Values[step.Output].Scale, SecretPlan.RingBits));
        });
        return activations;
    }
}
