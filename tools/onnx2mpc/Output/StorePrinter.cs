using System.Collections.Immutable;
using System.Globalization;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Plan;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.CommandLine.Output;

/// <summary>Shows what a store holds and what was put into it.</summary>
internal static class StorePrinter
{
    /// <summary>Everything that is unused.</summary>
    public static void Print(PreprocessingStore store, bool json)
    {
        ImmutableArray<StoredItems> items = store.List();
        if (json)
        {
            JsonOutput.Write(new { Store = items.Select(i => new { Role = RoleOf(i), i.Plan, i.Peer, Inferences = i.Count, i.Bytes, i.Oldest }) });
            return;
        }

        if (items.IsEmpty)
            Console.WriteLine($"The store in {store.Folder} is empty. 'onnx2mpc preprocess --count N' fills it; until then 'infer' prepares each inference when it is needed.");
        else
            Console.WriteLine($"{"role",-8}{"plan",-18}{"other party",-18}{"inferences",10}{"on disk",12}  oldest");
        foreach (StoredItems i in items)
            Console.WriteLine($"{RoleOf(i),-8}{i.Plan[..16],-18}{i.Peer[..16],-18}{i.Count,10}{Quantities.Bytes(i.Bytes),12}  {i.Oldest.ToString("u", CultureInfo.InvariantCulture)}");
    }

    /// <summary>What was prepared for a plan.</summary>
    public static void Print(ExecutionPlan plan, PreprocessingStore store, int count, PartyBytes each, TimeSpan time, bool json)
    {
        int available = store.Count(plan);
        if (json)
            JsonOutput.Write(new { Plan = plan.Name, Prepared = count, Available = available, Seconds = time.TotalSeconds, BytesEach = each });
        else
            Console.WriteLine(
                $"Prepared {count} inferences of {plan.Name} in {Quantities.Time(time)} ({Quantities.Time(time / count)} each), {Quantities.Bytes(count * each.ClientBytes)} on this side; the store holds {available}.");
    }

    private static string RoleOf(StoredItems items) => items.Role == Party.Client ? "client" : "server";
}
