using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using PrivateInference.Runtime.Costs;
using PrivateInference.Runtime.Preprocessing;

namespace PrivateInference.Runtime.Tests.Preprocessing;

/// <summary>A real process with a real folder kills itself at each operation of its file system in turn; see <c>StoreWorker</c>.</summary>
public sealed class StoreKillTests : IDisposable
{
    private static readonly ItemBinding s_binding = new() { Role = Party.Client, PlanHash = [.. new byte[32]], Client = 1, Server = 2 };
    private static readonly ItemId[] s_earlier = [new(5), new(6)];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("onnx2mpc-store-");

    private string Key => Path.Combine(_folder.FullName, "key");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_store_opens_after_a_kill_at_any_operation_and_gives_nothing_twice(bool isNew)
    {
        bool killed = true;
        int killAt = 1;
        for (; killed; killAt++)
        {
            string folder = Path.Combine(_folder.FullName, killAt.ToString(CultureInfo.InvariantCulture));
            if (!isNew)
                Fill(folder);
            string[] said = Run(folder, killAt, out killed);
            string[] left = TakeAll(folder), used = Words("used", said);
            Assert.Empty(left.Intersect(used, StringComparer.Ordinal));

            // What was added counts from then on, what was there before did always, and one may be lost where the process died using it.
            string[] expected = [.. Words("added", said), .. isNew ? [] : s_earlier.Select(i => i.ToString())];
            Assert.InRange(expected.Except(used, StringComparer.Ordinal).Except(left, StringComparer.Ordinal).Count(), 0, killed && said.Length > 0 && used.Length == 0 ? 1 : 0);
            Assert.DoesNotContain(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories), ItemFiles.IsLeftOver);
            Assert.True(killed || said.Length == 3);
        }

        Assert.True(killAt > 12, $"The process survived operation {killAt - 1} and all before it.");
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public void Only_its_owner_can_read_a_store_and_its_key()
    {
        Skip.If(OperatingSystem.IsWindows());
        string folder = Path.Combine(_folder.FullName, "store");
        Fill(folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Key));
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        foreach (string inner in Directory.EnumerateDirectories(folder).Append(folder))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(inner));
        File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("other users", Assert.Throws<StoreException>(() => StoreKey.LoadOrCreate(Key)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_holds_no_key_is_refused_and_left_alone()
    {
        File.WriteAllText(Key, "not a key");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Assert.Contains("does not hold a store's key", Assert.Throws<StoreException>(() => StoreKey.LoadOrCreate(Key)).Message, StringComparison.Ordinal);
        Assert.Equal("not a key", File.ReadAllText(Key));
    }

    private void Fill(string folder)
    {
        PreprocessingStore store = PreprocessingStore.Open(folder, StoreKey.LoadOrCreate(Key));
        foreach (ItemId id in s_earlier)
        {
            byte[] material = new byte[ItemId.Size];
            id.Write(material);
            StoreParty.Add(store, s_binding, id, material);
        }
    }

    // Material of an item is its identity.
    private string[] TakeAll(string folder)
    {
        PreprocessingStore store = PreprocessingStore.Open(folder, StoreKey.LoadOrCreate(Key));
        return [.. store.Items(s_binding).Select(id => ItemId.Read(StoreParty.Take(store, s_binding, id, ItemId.Size)).ToString())];
    }

    private string[] Run(string folder, int killAt, out bool killed)
    {
        ProcessStartInfo start = new("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (string argument in new[] { Path.Combine(AppContext.BaseDirectory, "StoreWorker.dll"), folder, Key, killAt.ToString(CultureInfo.InvariantCulture) })
            start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        killed = process.ExitCode != 0;
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static string[] Words(string verb, string[] said) => [.. said.Where(s => s.StartsWith(verb + " ", StringComparison.Ordinal)).Select(s => s[(verb.Length + 1)..].Trim())];
}
