using PrivateInference.Runtime.Hosting;
using PrivateInference.Runtime.Numerics;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;
using PrivateInference.Runtime.Tests.Engine;
using PrivateInference.Runtime.Tests.Plan;
using PrivateInference.Runtime.Transport;

namespace PrivateInference.Runtime.Tests.Preprocessing;

/// <summary>
/// Power fails, or the disk does, at each operation of one party's file system in turn, while the parties prepare an inference and use
/// another. Afterwards no file has been read twice, no file that was half-written is used, and what was not touched is still there.
/// </summary>
public sealed class StoreCrashTests
{
    private const int Stored = 2;

    private static readonly (ExecutionPlan Plan, ModelWeights Weights) s_model = OneStepPlans.Create("relu", 1);

    public enum Victim
    {
        Client,
        Server,
    }

    public enum Fault
    {
        /// <summary>What was not forced onto the disk is gone.</summary>
        PowerFailure,

        /// <summary>The process ends; the system still writes what it had taken.</summary>
        Kill,

        /// <summary>One operation fails, and the process goes on.</summary>
        DiskError,
    }

    public static TheoryData<Victim, Fault> Cases
    {
        get
        {
            TheoryData<Victim, Fault> cases = [];
            foreach (Victim victim in Enum.GetValues<Victim>())
            {
                foreach (Fault fault in Enum.GetValues<Fault>())
                    cases.Add(victim, fault);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void No_operation_at_which_a_party_fails_lets_material_be_used_twice_or_spoils_other_material(Victim victim, Fault fault)
    {
        StoreParty clientBefore = new(), serverBefore = new();
        using (SessionPair pair = Open(clientBefore, serverBefore))
        {
            for (int i = 0; i < Stored; i++)
                pair.Client.Keep();
        }

        int failAt = 0, operations;
        do
        {
            failAt++;
            StoreParty client = clientBefore.Copy(), server = serverBefore.Copy(), failing = victim == Victim.Client ? client : server;
            failing.Disk.FailAt = failAt;
            failing.Disk.FailsOnce = fault == Fault.DiskError;
            bool used = TryProduceAndUse(client, server);
            operations = failing.Disk.Operations;
            failing.Disk = failing.Disk.Restart(lossy: fault == Fault.PowerFailure);
            RequireSound(client, server, used, $"{victim}, {fault} at operation {failAt}");
        }
        while (operations >= failAt);

        // Opening does nothing when all is in order; a half is made of six operations and used with five.
        Assert.Equal(6 + 5, operations);
    }

    // Whether the inference with stored material has succeeded.
    private static bool TryProduceAndUse(StoreParty client, StoreParty server)
    {
        bool used = false;
        try
        {
            using SessionPair pair = Open(client, server);
            pair.Client.Keep();
            used = Infer(pair).Statistics.FromStore;
        }
        catch (Exception e) when (e is MemoryDisk.PowerFailure or IOException or PeerProtocolException or AggregateException { InnerException: MemoryDisk.PowerFailure })
        {
            // What happened is for the rest of the test to find out.
        }

        return used;
    }

    private static void RequireSound(StoreParty client, StoreParty server, bool used, string what)
    {
        int results = 0;
        using (SessionPair pair = Open(client, server, storeOnly: true))
        {
            for (; pair.Client.StoredInferences > 0; results++)
            {
                if (!TryInfer(pair))
                    break;
            }
        }

        // One inference was produced and one used, or neither; at most one was lost between the two.
        Assert.True(results >= Stored - 1, $"{what}: {results} inferences are left.");
        Assert.True(results <= Stored + 1 - (used ? 1 : 0), $"{what}: {results} inferences are left, though one was used.");
        foreach (StoreParty party in new[] { client, server })
        {
            string[] reads = [.. party.Disk.Reads];
            Assert.True(reads.Length == reads.Distinct(StringComparer.Ordinal).Count(), $"{what}: material was read twice.");
            Assert.DoesNotContain(party.Disk.Files.Keys, ItemFiles.IsLeftOver);
        }
    }

    private static SessionPair Open(StoreParty client, StoreParty server, bool storeOnly = false)
        => SessionPair.OpenStored(s_model.Plan, s_model.Weights, client.Open(), server.Open(), storeOnly);

    private static bool TryInfer(SessionPair pair)
    {
        try
        {
            return Infer(pair).Statistics.FromStore;
        }
        catch (StoreException)
        {
            // All that was left were halves without the other.
            return false;
        }
    }

    private static InferenceResult Infer(SessionPair pair)
    {
        float[] input = [.. Enumerable.Range(0, s_model.Plan.Values[0].Count).Select(i => (i % 11) - 5)];
        InferenceResult result = pair.Client.Infer(input);
        Ring ring = new(s_model.Plan.RingBits);
        ulong[] words = new ulong[input.Length];
        FixedPointEncoding.Encode(s_model.Plan.Values[0], ring, input, words);
        Assert.Equal(new FixedPointInterpreter(s_model.Plan, s_model.Weights).Run(words).ToArray().Select(ring.ToSigned), result.FixedPoint);
        return result;
    }
}
